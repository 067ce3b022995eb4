import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Who holds a lock. */
export interface LockHolder {
  /** The process number. */
  readonly process: number;
  /** Name of the machine or container that it runs on. */
  readonly host: string;
}

/** What a lock file records about its holder. */
export interface LockRecord extends LockHolder {
  /** The scope of process numbers: the host's boot and namespace; '-' if the system doesn't say. */
  readonly place: string;
  /** When the process started, in the system's units; '-' if the system doesn't say. */
  readonly began: string;
  /** Unique for every lock. */
  readonly token: string;
}

/** A record of this process, for one lock. */
export function ownRecord(host = hostname()): LockRecord {
  return {
    process: process.pid,
    host: host.replace(/\s/g, '-'),
    place: ownPlace(),
    began: beganOf('self') ?? '-',
    token: randomBytes(8).toString('hex'),
  };
}

/** The record as the one line of a lock file. */
export function recordText({ process: id, host, place, began, token }: LockRecord): string {
  return [id, host, place, began, token].join(' ');
}

/** @returns undefined for a file that is still being written, or is not a lock file */
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
 * Whether the holder of a lock that this process doesn't hold is still running; 'unknown' for other hosts, for other
 * containers with the same host name, and for this host before its last boot.
 */
export function holderState(holder: LockRecord, own: LockRecord): 'living' | 'dead' | 'unknown' {
  const isOwnPlace = holder.place === own.place || holder.place === '-' || own.place === '-';
  if (holder.host !== own.host || !isOwnPlace) return 'unknown';
  // Left by a process with the same number: a restarted container counts from the beginning.
  if (holder.process === own.process) return 'dead';
  try {
    // Signal 0 only checks whether the process exists.
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

/** Linux: field 22 of `/proc/<id>/stat`; the second is the command's name in brackets, which may contain anything. */
function beganOf(id: string): string | undefined {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
