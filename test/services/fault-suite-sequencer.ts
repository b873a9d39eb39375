import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Puts the files of the fault suite, which run one at a time and wait most of the time, evenly among the others: so that one of them
 * runs at any time.
 */
export class FaultSuiteSequencer extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(specifications);
    const faults = sorted.filter(({ project }) => project.name === "faults");
    const others = sorted.filter(({ project }) => project.name !== "faults");
    const share = Math.ceil(others.length / Math.max(1, faults.length));
    const mixed = faults.flatMap((fault, index) => [
      fault,
      ...others.slice(index * share, (index + 1) * share),
    ]);
    return faults.length > 0 ? mixed : others;
  }
}
