import { serveModels } from '@hearken/core/remote';
import baseline from '@hearken/plugin-baseline/web';
import efficientat from '@hearken/plugin-efficientat/web';
import hear from '@hearken/plugin-hear/web';
import hubertEcg from '@hearken/plugin-hubert-ecg/web';
import onnx from '@hearken/plugin-onnx/web';
import patchmix from '@hearken/plugin-patchmix/web';

serveModels(self, [baseline, efficientat, hear, hubertEcg, onnx, patchmix]);
