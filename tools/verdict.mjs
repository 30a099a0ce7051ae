// From vitest's JSON report to "N passed, N failed": nothing that went wrong may be counted as nothing.

const hasFailedTest = (file) => file.assertionResults.some(({ status }) => status === 'failed');

/** The counts of one run. A file that could not be loaded, a hook that failed, a run that died: each counts as one failure. */
export function count(readReport, exitCode) {
  let report;
  try {
    report = readReport();
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const broken = report.testResults.filter((file) => file.status === 'failed' && !hasFailedTest(file)).length;
  const failed = report.numFailedTests + broken;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** The sum of several runs. */
export const total = (counts) =>
  counts.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );

/** The last line of the test command. */
export const verdict = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
