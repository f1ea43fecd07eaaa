/** Lets sliders move the border between the two pictures of an image. */
export function moveSliders(): void {
  for (const stage of document.querySelectorAll<HTMLElement>('.sample .stage')) {
    const slider = stage.querySelector('input');
    slider?.addEventListener('input', () => {
      stage.style.setProperty('--split', `${slider.value}%`);
    });
  }
}
