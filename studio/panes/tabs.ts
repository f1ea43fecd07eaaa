import { byId, make } from '../elements.js';
import type { Pane } from './pane.js';

/** The panes behind tabs, as the ARIA pattern has them: arrows walk, Home and End jump. */
export function showTabs(panes: readonly Pane[]): void {
  const tabs = panes.map((pane, at) => {
    const panel = make(
      'div',
      {
        ...{ role: 'tabpanel', id: `pane-${pane.id}`, class: 'pane' },
        ...{ 'aria-labelledby': `tab-${pane.id}`, hidden: at > 0 },
      },
      pane.element,
    );
    byId('panes').append(panel);
    const tab = make(
      'button',
      {
        ...{ type: 'button', role: 'tab', id: `tab-${pane.id}`, 'aria-controls': panel.id },
        click: () => choose(at),
      },
      pane.title,
    );
    tab.addEventListener('keydown', (event) => {
      const last = panes.length - 1;
      const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      choose((next + panes.length) % panes.length);
      tabs[(next + panes.length) % panes.length]!.tab.focus();
    });
    byId('tabs').append(tab);
    return { tab, panel };
  });
  choose(0);

  function choose(chosen: number): void {
    tabs.forEach(({ tab, panel }, at) => {
      tab.setAttribute('aria-selected', String(at === chosen));
      tab.tabIndex = at === chosen ? 0 : -1;
      panel.hidden = at !== chosen;
    });
    panes[chosen]!.open?.();
  }
}
