// Makes packages/onnx/src/graph/generated/onnx_pb.ts from packages/onnx/proto/onnx.proto.
// The generators are fetched at these versions only when this runs, so that no install needs them.
import { spawnSync } from 'node:child_process';
import { writeFileSync, rmSync } from 'node:fs';

const template = 'packages/onnx/proto/buf.gen.yaml';
writeFileSync(
  template,
  `version: v2
plugins:
  - local: protoc-gen-es
    out: packages/onnx/src/graph/generated
    opt: [target=ts, import_extension=js]
inputs:
  - directory: packages/onnx/proto
`,
);
const packages = ['@bufbuild/buf@1.75.0', '@bufbuild/protoc-gen-es@2.10.2', '@bufbuild/protobuf@2.10.2'];
const { status } = spawnSync(
  'npx',
  ['--yes', ...packages.flatMap((name) => ['--package', name]), 'buf', 'generate', '--template', template],
  { stdio: 'inherit' },
);
rmSync(template);
process.exitCode = status ?? 1;
