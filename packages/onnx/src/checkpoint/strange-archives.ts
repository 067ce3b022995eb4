/** An archive that is not a checkpoint: what it is, and what to do. */
interface StrangeArchive {
  /** A file name that identifies it, in any folder. */
  readonly tell: RegExp;
  readonly found: string;
  readonly fix: string;
}

const archives: readonly StrangeArchive[] = [
  {
    // Of torch.jit.save: https://github.com/pytorch/pytorch/blob/main/torch/csrc/jit/docs/serialization.md
    tell: /^(?:[^/]+\/)?(?:constants\.pkl|code\/.*\.py|bytecode\.pkl)$/,
    found: 'is a TorchScript archive: a program with its weights, written by torch.jit.save',
    fix: 'save its weights in Python: torch.save(torch.jit.load(file, map_location="cpu").state_dict(), "weights.pt"), and pass weights.pt',
  },
  {
    tell: /^(?:[^/]+\/)?(?:archive_format|serialized_exported_program\.json|models\/[^/]+\.json)$/,
    found: 'is a program with its weights, written by torch.export.save (.pt2)',
    fix: 'save its weights in Python: torch.save(torch.export.load(file).state_dict, "weights.pt"), and pass weights.pt',
  },
  {
    tell: /^(?:[^/]+\/)?\.data\/extern_modules$/,
    found: 'is an archive of code and weights, written by torch.package',
    fix: 'load it with torch.package.PackageImporter, save the state_dict() of the model with torch.save, and pass that file',
  },
  {
    tell: /^(?:.*\/)?(?:model\.weights\.h5|saved_model\.pb)$/,
    found: 'is a Keras or TensorFlow model',
    fix: "pass the model's published PyTorch checkpoint (.safetensors, .pt or .pth)",
  },
  {
    tell: /^(?:[^/]+\/)?[^/]+\.npy$/,
    found: 'is an archive of NumPy arrays (.npz)',
    fix: "pass the model's published checkpoint (.safetensors, .pt or .pth)",
  },
  {
    tell: /\.(?:safetensors|pth?|ckpt|onnx)$/,
    found: 'is a zip archive with a checkpoint inside',
    fix: 'unpack it, and pass the checkpoint',
  },
];

/** What an archive with these entries is, if it is one of the kinds above; undefined otherwise. */
export function strangeArchive(names: readonly string[]): Pick<StrangeArchive, 'found' | 'fix'> | undefined {
  const isCheckpoint = names.some((name) => /^(?:[^/]+\/)?data\.pkl$/.test(name));
  // A TorchScript archive has a data.pkl, too.
  return archives.find(({ tell }, index) => (index < 3 || !isCheckpoint) && names.some((name) => tell.test(name)));
}
