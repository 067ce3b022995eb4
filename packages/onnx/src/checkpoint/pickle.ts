import { CheckpointError } from '@hearken/core';
import { PickleCursor, PickleFault } from './pickle-cursor.js';
import { literalOpcodes, type PickleOpcode } from './pickle-literal-opcodes.js';
import { PickleMachine, type PickleVocabulary, type UsedName } from './pickle-machine.js';
import { structureOpcodes } from './pickle-structure-opcodes.js';
import type { PickleValue } from './pickle-values.js';

/** The longest pickle that is read. Real ones are far shorter, because weights are stored outside. */
export const MAX_PICKLE_BYTES = 64 * 1024 * 1024;

/** The value of a pickle, and every name that it uses, whether or not the name is part of the value. */
export interface PickleContents {
  readonly value: PickleValue;
  readonly usedNames: readonly UsedName[];
}

const opcodes: ReadonlyMap<number, PickleOpcode> = new Map(
  [...literalOpcodes, ...structureOpcodes].map(([byte, name, run]) => [byte.charCodeAt(0), { name, run }]),
);

/**
 * Reads a Python pickle (protocols 0 to 5) into plain data. Nothing that the pickle names is looked up or run:
 * names, objects and calls become records of what the pickle said, except where `vocabulary` knows a constructor of
 * plain data. Time and memory are bounded by limits on bytes, opcodes, stack, nesting and objects;
 * there is no recursion.
 *
 * Source of the format: CPython's `Lib/pickletools.py` and PEPs 307, 3154 and 574.
 *
 * @param what - the pickle's name in errors: `mn04_as.pt: archive/data.pkl`.
 * @throws CheckpointError with the byte offset and opcode, if a pickle is truncated, malformed or too large.
 */
export function readPickle(bytes: Uint8Array, what: string, vocabulary: PickleVocabulary): PickleContents {
  if (bytes.length > MAX_PICKLE_BYTES) {
    throw new CheckpointError({
      asked: what,
      found: `the pickle has ${bytes.length} bytes, more than ${MAX_PICKLE_BYTES}`,
      fix: 'save only the tensors, with torch.save(model.state_dict(), file)',
    });
  }
  const machine = new PickleMachine(new PickleCursor(bytes), vocabulary);
  let running = 'the first opcode';
  try {
    while (machine.result === undefined) {
      running = 'an opcode';
      const byte = machine.nextOpcode();
      const opcode = opcodes.get(byte);
      running = `opcode ${opcode?.name ?? 'unknown'} (0x${byte.toString(16).padStart(2, '0')})`;
      if (opcode === undefined) throw new PickleFault('there is no such opcode');
      opcode.run(machine);
    }
  } catch (cause) {
    if (!(cause instanceof PickleFault)) throw cause;
    throw new CheckpointError({
      asked: what,
      found: `the pickle cannot be read at byte ${machine.opcodeOffset}, ${running}: ${cause.message}`,
      fix: 'the file is truncated, damaged or not a PyTorch checkpoint: download it again from its authors',
      cause,
    });
  }
  return { value: machine.result, usedNames: [...machine.usedNames.values()] };
}
