import { PluginError } from '@hearken/core';
import { metricNames } from '@hearken/metrics';
import type { ProbeDefinition } from '../probes/probe.js';
import { headProbe, probeNames } from '../probes/registry.js';
import type { ExtensionKind } from './contract.js';
import {
  type ExtensionModule as AnyModule,
  type Extensions as AnyExtensions,
  moduleOf,
} from '@hearken/results/internal';

/** Custom metrics and probes. There is no global registry: they are passed to the functions that need them. */
export interface Extensions extends AnyExtensions<ProbeDefinition> {
  /** Made by `defineProbe`. */
  readonly probes?: readonly ProbeDefinition[];
}

/** A module that metrics and probes come from. */
export interface ExtensionModule extends AnyModule<ProbeDefinition> {
  /** Those of its exports that were made by `defineProbe`. */
  readonly probes: readonly ProbeDefinition[];
}

/** The extensions among some options. */
export function extensionsOf({ metrics, probes, extensionModules }: Extensions): Extensions {
  return { metrics, probes, extensionModules };
}

/**
 * Checks that every name is unique.
 *
 * @throws PluginError for the name of a built-in one, or of two extensions; names both sources
 */
export function checkExtensions(extensions: Extensions): void {
  checkNames('metric', extensions.metrics ?? [], metricNames(), extensions);
  checkNames('probe', extensions.probes ?? [], [...probeNames(), headProbe], extensions);
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
      found: isBuiltIn ? `a built-in ${kind} with that name` : `another one with that name from ${sourceOf(earlier!)}`,
      fix: 'rename it: names identify them in results',
    });
  });
}
