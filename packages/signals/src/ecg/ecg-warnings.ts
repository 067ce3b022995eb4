import type { EcgRecord, EcgWarningReason } from './ecg-record.js';

/** A warning while a file is read. */
export interface EcgWarning {
  readonly reason: EcgWarningReason;
  /** A whole sentence. */
  readonly text: string;
}

/** The fields of a record for its warnings. */
export function warningFields(warnings: readonly EcgWarning[]): Pick<EcgRecord, 'warnings' | 'warningReasons'> {
  return { warnings: warnings.map(({ text }) => text), warningReasons: warnings.map(({ reason }) => reason) };
}

/** A record with one more warning. */
export function withWarning(record: EcgRecord, { reason, text }: EcgWarning): EcgRecord {
  const { warnings, warningReasons = [] } = record;
  // Records from other code may lack a reason for their warnings.
  const reasons = warnings.map((_, index) => warningReasons[index] ?? 'more');
  return { ...record, warnings: [...warnings, text], warningReasons: [...reasons, reason] };
}
