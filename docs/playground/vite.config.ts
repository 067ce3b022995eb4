import { createHash } from 'node:crypto';
import { defineConfig, type Plugin } from 'vite';

/** Files of ONNX Runtime, libopus, and training; a browser loads only those that it needs. */
const isFetchedOnUse = (name: string) => /(?:^|\/)(?:ort[.-]|opus-|fine-?tune-|training-)[^/]*$/.test(name);

/** Tells the service worker which files the page consists of, at the end of the build. */
function listPageFiles(): Plugin {
  return {
    name: 'list-page-files',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = Object.values(bundle).find(({ fileName }) => fileName === 'service-worker.js');
        if (worker?.type !== 'chunk') return;
        const names = Object.keys(bundle).filter((name) => name !== worker.fileName && !name.endsWith('.map'));
        const page = names.filter((name) => !isFetchedOnUse(name) && name !== 'index.html').sort();
        const onUse = names.filter(isFetchedOnUse).sort();
        const html = bundle['index.html'];
        const hash = createHash('sha256').update(JSON.stringify([page, html?.type === 'asset' ? html.source : '']));
        const lists = { version: hash.digest('hex').slice(0, 16), page: ['./', ...page], onUse };
        worker.code = worker.code.replace('__PAGE_FILES__', JSON.stringify(lists));
      },
    },
  };
}

/** With these headers a page has shared memory, which threads need. */
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export default defineConfig(({ command }) => ({
  root: import.meta.dirname,
  base: './',
  define: { __IS_BUILT__: command === 'build' },
  // Uses the packages' sources, without a build.
  resolve: { conditions: ['@hearken/source', 'browser', 'import', 'default'] },
  plugins: [listPageFiles()],
  worker: { format: 'es' },
  // Includes the worker's imports: if a new one made the page reload, its clips would be lost. ONNX Runtime looks for its
  // files next to itself.
  optimizeDeps: {
    entries: ['index.html', 'src/work/models.worker.ts', 'src/work/decode.worker.ts'],
    exclude: ['onnxruntime-web'],
  },
  server: { headers: isolation },
  preview: { headers: isolation },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 4096,
    // The content security policy would refuse a font or worklet in a data: URL.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { index: 'index.html', 'service-worker': 'src/offline/service-worker.ts' },
      output: {
        entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
}));
