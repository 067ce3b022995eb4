import { PluginError } from '@hearken/core';
import { metricNames } from '@hearken/metrics';
import type { ProbeDefinition } from '../probes/probe.js';
import { probeNames } from '../probes/registry.js';
import type { ExtensionKind } from './contract.js';
import {
  type ExtensionModule as AnyModule,
  type Extensions as AnyExtensions,
  moduleOf,
} from '@hearken/results/internal';

/** Custom metrics and probes. There is no global registry: they are passed to the functions that need them. */
export interface Extensions extends AnyExtensions<ProbeDefinition> {
  /** What `defineProbe` made. */
  readonly probes?: readonly ProbeDefinition[];
}

/** A module that metrics and probes come from. */
export interface ExtensionModule extends AnyModule<ProbeDefinition> {
  /** What it exports that `defineProbe` made. */
  readonly probes: readonly ProbeDefinition[];
}

/** What of some options is extensions. */
export function extensionsOf({ metrics, probes, extensionModules }: Extensions): Extensions {
  return { metrics, probes, extensionModules };
}

/**
 * Makes sure that every name means one thing.
 *
 * @throws PluginError for a name that Hearken has, or that two extensions have; it names both sources
 */
export function checkExtensions(extensions: Extensions): void {
  checkNames('metric', extensions.metrics ?? [], metricNames(), extensions);
  checkNames('probe', extensions.probes ?? [], probeNames(), extensions);
}

function checkNames(
  kind: ExtensionKind,
  definitions: readonly { readonly name: string }[],
  builtIn: readonly string[],
  extensions: Extensions,
): void {
  definitions.forEach((one, index) => {
    const earlier = definitions.slice(0, index).find(({ name }) => name === one.name);
    const isBuiltIn = builtIn.includes(one.name);
    if (earlier === undefined && !isBuiltIn) return;
    const sourceOf = (definition: object) => moduleOf(definition, extensions)?.url ?? 'the caller';
    throw new PluginError({
      asked: `${kind} '${one.name}' of ${sourceOf(one)}`,
      found: isBuiltIn ? `a ${kind} of that name in Hearken itself` : `one of that name of ${sourceOf(earlier!)}, too`,
      fix: 'give it another name: results are told apart by it',
    });
  });
}
