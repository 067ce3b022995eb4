import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Who holds a lock. */
export interface LockHolder {
  /** Its process number. */
  readonly process: number;
  /** Name of the machine, or container, that it runs on. */
  readonly host: string;
}

/** What a lock file says of its holder. */
export interface LockRecord extends LockHolder {
  /** Within which process numbers mean something: the host's start and namespace; '-' where the system does not say. */
  readonly place: string;
  /** When the process began, in the system's own count; '-' where the system does not say. */
  readonly began: string;
  /** No two locks have the same. */
  readonly token: string;
}

/** A record of this process for one lock. */
export function ownRecord(host = hostname()): LockRecord {
  return {
    process: process.pid,
    host: host.replace(/\s/g, '-'),
    place: ownPlace(),
    began: beganOf('self') ?? '-',
    token: randomBytes(8).toString('hex'),
  };
}

/** The record as a lock file has it: one line. */
export function recordText({ process: id, host, place, began, token }: LockRecord): string {
  return [id, host, place, began, token].join(' ');
}

/** @returns undefined for a file that is still being written, or is none of ours */
export function parseRecord(text: string): LockRecord | undefined {
  const [id, host = '', place = '-', began = '-', token = ''] = text.split(' ');
  if (!/^[1-9]\d{0,9}$/.test(id) || host === '') return undefined;
  return { process: Number(id), host, place, began, token };
}

/** `process 4711 on node7` */
export function holderText({ process: id, host }: LockHolder): string {
  return `process ${id} on ${host}`;
}

/**
 * Whether the holder of a lock that this process does not hold is still there; 'unknown' of other hosts, of other
 * containers under the same host's name, and of a host before its last start.
 */
export function holderState(holder: LockRecord, own: LockRecord): 'living' | 'dead' | 'unknown' {
  const isOwnPlace = holder.place === own.place || holder.place === '-' || own.place === '-';
  if (holder.host !== own.host || !isOwnPlace) return 'unknown';
  // Left by a process of the same number: a container that starts again counts anew.
  if (holder.process === own.process) return 'dead';
  try {
    // Signal 0 only asks whether the process is there.
    process.kill(holder.process, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') return 'dead';
  }
  const began = holder.began === '-' ? undefined : beganOf(String(holder.process));
  return began === undefined || began === holder.began ? 'living' : 'dead';
}

function ownPlace(): string {
  try {
    const start = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${start}/${readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')}`;
  } catch {
    return '-';
  }
}

/** Linux: field 22 of `/proc/<id>/stat`; the second is the command's name in brackets, with whatever it holds. */
function beganOf(id: string): string | undefined {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
