import { FileError, HearkenError } from '@hearken/core';
import { byId, make, makeButton } from './elements.js';

/** Messages shown at once; more would push the page out of view. */
const mostMessages = 5;

/** Shows a status, which screen readers announce at the next pause. */
export function showStatus(text: string): void {
  byId('status').textContent = text;
}

/** Shows what went wrong and how to fix it, until dismissed. */
export function showError(error: unknown): void {
  if (error instanceof DOMException && error.name === 'AbortError') return;
  if (error instanceof HearkenError) {
    const { asked, found, fix } = error;
    add('message', make('p', {}, make('strong', {}, asked), `: ${found}.`), make('p', {}, `What to do: ${fix}.`));
    return;
  }
  if (error instanceof Error && error.name === 'QuotaExceededError') {
    showError(noRoom(error));
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  add('message', make('p', {}, make('strong', {}, 'This failed'), `: ${message}`));
}

/** Shows a message that is not an error. */
export function showNote(text: string): void {
  add('message note', make('p', {}, text));
}

function add(kind: string, ...content: readonly Node[]): void {
  const list = byId('messages');
  const text = content.map((node) => node.textContent).join(' ');
  for (const other of list.children) if (other.getAttribute('data-text') === text) other.remove();
  const message = make('div', { class: kind, 'data-text': text }, make('div', {}, ...content));
  message.append(
    makeButton(
      'Dismiss',
      () => {
        message.remove();
      },
      { class: 'small' },
    ),
  );
  list.prepend(message);
  while (list.children.length > mostMessages) list.lastElementChild?.remove();
}

/** Browsers use different messages for this, and not only when writing files. */
function noRoom(cause: Error): FileError {
  return new FileError({
    asked: "keeping a file in the browser's storage",
    found: 'no space left: the quota is exceeded',
    fix: 'delete stored models or free disk space; files that you drop on the page need no storage',
    cause,
  });
}
