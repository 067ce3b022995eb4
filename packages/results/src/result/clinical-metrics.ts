import { metricByName, metricNames } from '@hearken/metrics';

/** The clinical metrics among those of a result, except the deciding metric. */
export function clinicalMetricsOf({
  metric,
  names,
}: {
  readonly metric: string;
  readonly names: readonly string[];
}): string[] {
  const shown = metricNames().filter((name) => metricByName(name).isClinical === true);
  return shown.filter((name) => name !== metric && names.includes(name));
}
