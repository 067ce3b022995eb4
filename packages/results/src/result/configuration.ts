/** Hyper-parameters of one training of a probe, as result files keep them: plain JSON values by name. */
export type ProbeConfiguration = Readonly<Record<string, unknown>>;
