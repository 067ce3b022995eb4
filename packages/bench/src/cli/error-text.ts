import { inspect } from 'node:util';
import { HearkenError } from '@hearken/core';
import { printable } from './table.js';

/**
 * An error as text for users: one line each for what was asked, what was found and what to do; a stack trace only with
 * --debug.
 */
export function errorText(error: unknown, debug = false): string {
  const text = error instanceof HearkenError ? partsText(error) : plainText(error, debug);
  return debug ? `${text}\n${inspect(error)}\n` : `${text}\n`;
}

function partsText({ asked, found, fix }: HearkenError): string {
  return [`Error: ${asked}`, `  found:  ${found}`, `  to do:  ${fix}`].map(oneLine).join('\n');
}

function plainText(error: unknown, debug: boolean): string {
  const message = oneLine(error instanceof Error ? error.message : String(error));
  return debug ? `Error: ${message}` : `Error: ${message}\n  to do:  run again with --debug to see where it comes from`;
}

function oneLine(text: string): string {
  return printable(text.replace(/\s*[\r\n]+\s*/g, ' '));
}
