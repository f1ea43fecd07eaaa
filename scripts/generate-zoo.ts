/** Writes the page of the zoo with its pictures, and the list that `unetc init` reads. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import {
  readZoo,
  renderZooModule,
  renderZooPage,
  renderZooPictures,
  zooModule,
  zooPage,
  zooPictures,
} from './render-zoo.js';

const zoo = readZoo();
rmSync(zooPictures, { recursive: true, force: true });
mkdirSync(zooPictures, { recursive: true });
for (const [path, picture] of await renderZooPictures(zoo)) writeFileSync(path, picture);
writeFileSync(zooPage, await renderZooPage(zoo));
writeFileSync(zooModule, await renderZooModule(zoo));
