// Models compute here, so that the page stays responsive.
import { serveModels } from '@hearken/core/remote';
import baseline from '@hearken/plugin-baseline/web';

serveModels(self, [baseline]);
