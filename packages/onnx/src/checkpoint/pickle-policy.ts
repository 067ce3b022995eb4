import { CheckpointError } from '@hearken/core';
import type { UsedName } from './pickle-machine.js';

/**
 * Checks which names a checkpoint uses. Nothing in a pickle ever runs here, so this rule isn't what keeps the reader
 * safe; it separates models from files made to harm people who open them with Python, which should not be passed on.
 *
 * - A name from a module that reaches the system, or a function of `builtins`, is refused everywhere.
 * - An instance of a class (NEWOBJ, `copyreg._reconstructor`) from any other module is a record: checkpoints contain
 *   configuration objects of classes that nobody can list.
 * - A class may be called (REDUCE, INST, OBJ) as well, as for enumerations; a function that is called must be one that
 *   real checkpoints call.
 * - `getattr` of a class and a name, which is how protocol 2 writes static methods, nested classes and the members of
 *   enumerations, counts as that name: see `attributeOf` in `torch-vocabulary.ts`.
 *
 * @param what - the pickle's name in errors.
 * @throws CheckpointError naming the first name that breaks the rule.
 */
export function refuseDangerousNames(usedNames: readonly UsedName[], what: string): void {
  const offences = usedNames
    .map((used) => ({ ...used, dangerous: reachesTheSystem(used) }))
    .filter(({ module, name, use, dangerous }) => dangerous || (use === 'call' && !isHarmlessCall(module, name)))
    // The clearest case first: dangerous before unknown, called before mentioned.
    .sort((left, right) => Number(right.dangerous) - Number(left.dangerous) || rank[left.use] - rank[right.use]);
  if (offences.length === 0) return;
  const [{ module, name, use, offset, dangerous }] = offences;
  throw new CheckpointError({
    asked: what,
    found: dangerous
      ? `the pickle ${verbs[use]} '${module}.${name}' (byte ${offset}), which no model needs; nothing was run`
      : `the pickle ${verbs[use]} '${module}.${name}' (byte ${offset}), which is not known to be harmless; nothing was run`,
    fix: dangerous
      ? 'do not load this file with Python either; get the checkpoint from its authors'
      : 'if you trust the file, save only its tensors, with torch.save(model.state_dict(), file)',
  });
}

const rank = { call: 0, instance: 1, mention: 2 } as const;
const verbs = { call: 'calls', instance: 'makes an instance of', mention: 'names' } as const;

/** Packages that run code, start programs, or access files or the network, with everything inside them. */
const systemPackages: ReadonlySet<string> = words(
  `os importlib ctypes asyncio multiprocessing concurrent urllib http xmlrpc requests httpx aiohttp paramiko fabric
  pip setuptools distutils ensurepip venv dill cloudpickle joblib dbm sqlite3 idlelib lib2to3`,
);

/** Modules that do so and contain no modules: a longer name with the same beginning is another package. */
const systemModules: ReadonlySet<string> = words(
  `posix nt posixpath ntpath subprocess _posixsubprocess sys imp runpy pkgutil zipimport _ctypes cffi socket _socket
  ssl socketserver threading _thread shutil tempfile glob fileinput pty tty fcntl resource mmap signal gc inspect
  code codeop commands popen2 platform pdb bdb doctest timeit trace cProfile profile pydoc webbrowser urllib2 httplib
  ftplib smtplib telnetlib poplib imaplib nntplib marshal pickle cPickle _pickle shelve winreg _winapi msvcrt
  antigravity site sitecustomize atexit`,
);

/** Names that turn data into code, in an otherwise harmless module. */
const codeMakers: ReadonlySet<string> = words('CodeType FunctionType LambdaType MethodType ModuleType');

/**
 * Python's builtin types, and the builtin functions that only compute: a configuration may name `max`. The others
 * (eval, exec, open, ...) are refused.
 */
const harmlessBuiltins: ReadonlySet<string> = words(
  `set frozenset dict list tuple int long float complex bool str unicode bytes bytearray object range xrange slice
  type property NoneType Ellipsis NotImplemented staticmethod classmethod super abs all any divmod enumerate filter
  format hash id isinstance issubclass iter len map max min next ord pow print repr reversed round sorted sum zip`,
);

/** Functions and classes that real checkpoints call, besides those that become plain data here. */
const harmlessCalls: ReadonlySet<string> = new Set([
  ...qualified('builtins', 'complex range slice dict list tuple int float bool str object'),
  ...qualified('__builtin__', 'complex xrange slice dict list tuple int long float bool str unicode object'),
  ...qualified('collections', 'Counter deque'),
  ...qualified('functools', 'partial'),
  ...qualified('operator', 'attrgetter itemgetter'),
  ...qualified('re', '_compile'),
  ...qualified('argparse', 'Namespace'),
  ...qualified('datetime', 'date datetime time timedelta timezone'),
  ...qualified('decimal', 'Decimal'),
  ...qualified('fractions', 'Fraction'),
  ...qualified('uuid', 'UUID'),
  ...qualified('types', 'SimpleNamespace'),
  ...qualified('numpy', 'dtype ndarray'),
  ...['numpy.core', 'numpy._core'].flatMap((core) => [
    ...qualified(`${core}.multiarray`, '_reconstruct scalar'),
    ...qualified(`${core}.numeric`, '_frombuffer'),
  ]),
  ...qualified('numpy.random._pickle', '__randomstate_ctor __generator_ctor __bit_generator_ctor'),
  ...qualified('torch', 'device dtype'),
  ...qualified('torch.serialization', '_get_layout'),
  ...qualified('torch._tensor', '_rebuild_from_type_v2'),
  ...qualified('torch.nn.parameter', 'Parameter Buffer'),
]);

function words(text: string): Set<string> {
  return new Set(text.split(/\s+/));
}

function qualified(module: string, names: string): string[] {
  return names.split(' ').map((name) => `${module}.${name}`);
}

function reachesTheSystem({ module, name, use }: Pick<UsedName, 'module' | 'name' | 'use'>): boolean {
  const [top] = module.split('.', 1);
  if (top === 'builtins' || top === '__builtin__') return !isHarmlessBuiltin(name, use);
  if (systemModules.has(module) || systemPackages.has(top)) return true;
  if (module === 'copyreg' || module === 'copy_reg') return !/^(_reconstructor|__newobj__|__newobj_ex__)$/.test(name);
  if (module === 'types' && codeMakers.has(name)) return true;
  // A dotted name walks through attributes: `sys.modules` of any module that imports sys, `__init__.__globals__`.
  return name.split('.').some((part, index, parts) => {
    const plain = part.replace(/^_/, '');
    const walkedThrough = index < parts.length - 1 && (systemModules.has(plain) || systemPackages.has(plain));
    return walkedThrough || /^__\w+__$/.test(part);
  });
}

function isHarmlessBuiltin(name: string, use: UsedName['use']): boolean {
  // The vocabulary handles calls with anything but a class and a name.
  if (name === 'getattr') return use === 'mention';
  return harmlessBuiltins.has(name) || /^[A-Z]\w*(Error|Exception|Warning|Interrupt|Iteration)$/.test(name);
}

function isHarmlessCall(module: string, name: string): boolean {
  if (harmlessCalls.has(`${module}.${name}`)) return true;
  // Tensors of kinds that cannot be used here (sparse, quantised, ...) are refused when they are requested.
  if (module === 'torch._utils') return name.startsWith('_rebuild_');
  if (module === 'pathlib' || module.startsWith('pathlib.')) return /^(Pure)?(Posix|Windows)?Path$/.test(name);
  // Enumerations, and objects that define how to be recreated, are pickled as calls of their class.
  return /(?:^|\.)_*[A-Z]\w*$/.test(name);
}
