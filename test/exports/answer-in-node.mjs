/** Prints as JSON the answers of the network in the first word for the pixels in the JSON file of the second. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { answersOf } from './answers.mjs';

const [folder, pixels] = process.argv.slice(2);
await tf.setBackend('cpu');
const address = pathToFileURL(join(folder, 'network.js')).href;
const answers = await answersOf(address, JSON.parse(readFileSync(pixels, 'utf8')));
process.stdout.write(JSON.stringify(answers));
