import { FileError } from '@hearken/core';
import * as v from 'valibot';
import type { Campaign, CampaignEvaluation, CampaignHead } from './campaign.js';
import { completeEvaluation } from './evaluation-names.js';
import { nameModels } from './model-names.js';
import { campaignSchema, type CampaignDocument } from './schema.js';
import { schemaProblems, type SchemaProblem } from './schema-problems.js';
import { parseYaml, type YamlDocument } from './yaml-document.js';

/**
 * Parses the untrusted text of a campaign file, YAML or JSON. Nothing that it names is opened or run; paths are as the
 * file says them.
 *
 * @param name what to call the file in errors
 * @throws FileError naming the file, the line, the field, what was found and what was expected
 */
export function parseCampaign(text: string, name: string): Campaign {
  const parsed = parseYaml(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  if ('found' in parsed) {
    const line = parsed.line === undefined ? '' : `line ${parsed.line}: `;
    const fix = 'write it as YAML or JSON, without tags; see the guide on campaigns';
    throw campaignError(name, `not YAML: ${line}${parsed.found}`, fix, 'not-yaml');
  }
  const refuse = (problems: readonly SchemaProblem[]): never => {
    const lines = problems.map(({ path, message }) => `line ${parsed.lineAt(path)}: ${message}`);
    const fixes = [...new Set(problems.flatMap(({ fix }) => fix ?? []))];
    throw campaignError(name, lines.join('; '), fixes.join('; ') || 'correct the file', 'invalid-field');
  };
  const problems = schemaProblems(campaignSchema, parsed.content);
  if (problems.length > 0) return refuse(problems);
  return campaignOf(parsed, name, refuse);
}

function campaignError(name: string, found: string, fix: string, reason: string): FileError {
  return new FileError({ asked: `campaign '${name}'`, found, fix, reason });
}

function campaignOf(
  { content }: YamlDocument,
  name: string,
  refuse: (problems: readonly SchemaProblem[]) => never,
): Campaign {
  const { models, recipes = [], ...rest }: CampaignDocument = v.parse(campaignSchema, content);
  const { evaluations = recipes.length === 0 ? [{}] : [], ...others } = rest;
  const named = nameModels(models.map((model) => (typeof model === 'string' ? { model } : model)));
  if ('index' in named) {
    const field = `models[${named.index}]`;
    const message = `${field} is another '${named.name}' with other settings`;
    return refuse([{ path: ['models', named.index], field, message, fix: 'give each a name of its own' }]);
  }
  const complete = evaluations.map((written, index): CampaignEvaluation => {
    const { labelMap, labels, crops, ...settings } = typeof written === 'string' ? { probe: written } : written;
    const ofHead = Object.entries({ labelMap, labels, crops }).find(([, value]) => value !== undefined)?.[0];
    if (ofHead !== undefined && settings.probe !== 'head') {
      const field = `evaluations[${index}].${ofHead}`;
      const message = `${field} is there without probe 'head'`;
      return refuse([{ path: ['evaluations', index, ofHead], field, message, fix: `leave out ${ofHead}` }]);
    }
    const head = ofHead === undefined ? {} : { head: headOf({ labelMap, labels, crops }, name) };
    const evaluation = completeEvaluation({ ...settings, ...head });
    if ('name' in evaluation) return evaluation;
    const { setting, protocol, prescribed } = evaluation;
    const field = `evaluations[${index}].${setting}`;
    const expected = prescribed === undefined ? 'none' : String(prescribed);
    const message = `${field} is not what protocol '${protocol}' prescribes, expected ${expected}`;
    return refuse([{ path: ['evaluations', index, setting], field, message, fix: `leave out ${setting}` }]);
  });
  complete.push(...recipes.map(evaluationOfRecipe));
  const unique = new Map(complete.map((evaluation) => [evaluation.name, evaluation]));
  return { ...others, models: named, evaluations: [...unique.values()] };
}

function evaluationOfRecipe(written: NonNullable<CampaignDocument['recipes']>[number]): CampaignEvaluation {
  const { recipe, settings = {}, ...seeds } = typeof written === 'string' ? { recipe: written } : written;
  // Without a protocol, nothing contradicts it.
  return completeEvaluation({ ...seeds, probe: 'finetune', finetune: { recipe, settings } }) as CampaignEvaluation;
}

type WrittenHead = Pick<
  Exclude<NonNullable<CampaignDocument['evaluations']>[number], string>,
  'labelMap' | 'labels' | 'crops'
>;

function headOf({ labelMap, labels, crops }: WrittenHead, source: string): CampaignHead {
  const lists = Object.entries(labelMap ?? {}).map(([label, of]) => [label, typeof of === 'string' ? [of] : of]);
  return {
    ...(labelMap === undefined ? {} : { labelMap: Object.fromEntries(lists) as CampaignHead['labelMap'] }),
    ...(labels === undefined ? {} : { names: { labels, source } }),
    ...(crops === undefined ? {} : { crops: { seconds: 5, aggregate: 'mean', ...crops } }),
  };
}
