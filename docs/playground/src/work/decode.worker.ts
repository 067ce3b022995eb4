import { serveAudioDecoding } from '@hearken/bench/web';

serveAudioDecoding(self);
