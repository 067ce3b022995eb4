import { readEcgFile } from '../../src/ecg/read-ecg-file.node.js';
import { describeFileCases, type FileCase, type ReadFile } from '../../../../tests/support/file-cases.js';

async function read(path: string, { ask }: FileCase): Promise<ReadFile> {
  const { leads, sampleRate, signal, warnings } = await readEcgFile(path, ask);
  const samples = signal.length / leads.length;
  const channels = leads.map((_, lead) => signal.subarray(lead * samples, (lead + 1) * samples));
  return { rate: sampleRate, leads, channels, warnings };
}

describeFileCases('ecg/wfdb', 'WFDB records of other programs', read);
describeFileCases('ecg/edf', 'EDF and BDF files of other programs', read);
describeFileCases('ecg/other', 'ECG formats that are not read', read);
