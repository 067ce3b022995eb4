import { serveModels } from '@hearken/core/remote';
import efficientat from '@hearken/plugin-efficientat/web';
import hear from '@hearken/plugin-hear/web';

serveModels(self, [efficientat, hear]);
