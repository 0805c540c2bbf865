// Reads vitest's JSON report: names what was skipped, then prints `N passed, N failed` as the last line. Fails on no test.
import { readFileSync } from 'node:fs';

let report = { numPassedTests: 0, numFailedTests: 1, testResults: [] };
try {
  report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
} catch {
  console.log('CI: vitest left no report');
}
// A file that fails to load has no test to count, and is a failure all the same.
const brokenFiles = report.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
);
const skipped = report.testResults
  .flatMap(({ assertionResults }) => assertionResults)
  .filter(({ status }) => status === 'pending' || status === 'skipped');
for (const { fullName } of skipped) console.log(`CI: skipped: ${fullName}`);
for (const { name } of brokenFiles) console.log(`CI: could not run: ${name.slice(name.lastIndexOf('/test/') + 1)}`);
const failed = report.numFailedTests + brokenFiles.length;
console.log(`${report.numPassedTests} passed, ${failed} failed`);
process.exitCode = failed > 0 || report.numPassedTests === 0 ? 1 : 0;
