import { findCacheFolder } from '../../harness/environments/cache.ts'
import { findExactVersionError, isPrerelease } from '../../harness/environments/exact.ts'
import { listPublishedVersions, selectVersions } from '../../harness/environments/listing.ts'
import { findTooOldError } from '../../harness/environments/oldest.ts'
import { type PublishedPackage, readPublishedPackage } from '../../harness/environments/published.ts'
import { type Border, type Colour, findBorder } from '../../harness/explore/border.ts'
import type { Verdict } from '../../harness/explore/verdict.ts'
import { verdictKinds } from '../../harness/explore/verdict.ts'
import type { Settings, Subject } from '../../harness/vitest/settings.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { UsageError } from '../exit-codes.ts'
import { selectVersion } from './chosen.ts'
import { prepareSubject } from './prepared.ts'
import { runScenarios } from './run-scenarios.ts'
import { selectBeside } from './with-packages.ts'

/** A version with its test result. */
export interface Tested {
  version: string
  colour: Colour
  /** The violation, or the reason why the version could not be tested. */
  reason: string
}

export interface Bisected {
  found: Border<string> | { only: Colour }
  /** In the order in which they were tested. */
  tested: Tested[]
  /** All versions from one end to the other, both ends included. */
  versions: string[]
}

/** What runs on each version: a scenario of this project, or one plan. */
export type Question = Pick<Settings, 'seed' | 'runs' | 'invariants' | 'cases' | 'replay'> & {
  scenarios: string[]
  /** Packages beside each version, as PACKAGE@VERSION. */
  with: string[]
}

/**
 * Returns the versions to search, from one end to the other. The ends are `good` and `bad`, or else the oldest and newest
 * release that the driver can run. Throws a `UsageError` if an end is not a published version.
 */
export async function listVersionsToSearch(
  subject: Subject,
  { good, bad }: { good?: string | undefined; bad?: string | undefined },
): Promise<{ published: PublishedPackage; versions: string[] }> {
  const published = readPublishedPackage(subject.folder)
  if (published === undefined)
    throw new UsageError(
      `--runtime: found ${toPrintable(subject.name)}, which names no package, expected a runtime with a published package`,
    )
  for (const [option, version] of [['--good', good] as const, ['--bad', bad] as const]) {
    const expected =
      version === undefined
        ? undefined
        : (findExactVersionError(version, published.registry) ??
          findTooOldError(published, published.package, version))
    if (expected !== undefined)
      throw new UsageError(`${option}: found "${toPrintable(version ?? '')}", expected ${expected}`)
  }
  const all = (await listPublishedVersions(published, findCacheFolder())).filter(
    (version) => findTooOldError(published, published.package, version) === undefined,
  )
  for (const [option, version] of [['--good', good] as const, ['--bad', bad] as const])
    if (version !== undefined && !all.includes(version))
      throw new UsageError(
        `${option}: found "${toPrintable(version)}", expected a version of ${published.package}; the last ones are ${all.slice(-8).join(', ')}`,
      )
  const releases = all.filter((version) => !isPrerelease(version, published.registry))
  const [oldest, newest] = [releases[0] ?? all[0], releases.at(-1) ?? all.at(-1)]
  if (oldest === undefined || newest === undefined)
    throw new UsageError(`--runtime: found no version of ${published.package}, expected at least one`)
  // With one end given, the newest release is the other: most known bugs were fixed later, and good versions broke later.
  const [from, to] = good === undefined && bad === undefined ? [oldest, newest] : [good ?? bad, bad ?? good]
  const ends = from === to ? [from, newest] : [from, to]
  return {
    published,
    versions: selectVersions(all, ends[0] as string, ends[1] as string, published.registry),
  }
}

/** Tests versions one after the other, each in its own environment, until the border is found. Calls `tell` for each. */
export async function bisect(
  subject: Subject,
  versions: readonly string[],
  question: Question,
  tell: (tested: Tested) => void,
): Promise<Bisected> {
  const tested: Tested[] = []
  const found = await findBorder(versions, async (version) => {
    const one = { version, ...(await testVersion(subject, version, question)) }
    tested.push(one)
    tell(one)
    return one.colour
  })
  return { found, tested, versions: [...versions] }
}

async function testVersion(
  subject: Subject,
  version: string,
  { with: packages, ...question }: Question,
): Promise<Omit<Tested, 'version'>> {
  const chosen = chooseRelease(subject, version, packages)
  if (typeof chosen === 'string') return { colour: 'untestable', reason: chosen }
  const ready = await prepareSubject(chosen)
  if (ready.unavailable !== undefined) return { colour: 'untestable', reason: ready.unavailable.reason }
  const { scenarios, ...settings } = question
  const { results, faults } = await runScenarios({
    subjects: [ready],
    scenarios,
    settings,
  })
  const [fault] = faults
  return fault === undefined
    ? chooseColour(
        results.flatMap(({ verdicts }) => verdicts),
        question.invariants !== undefined,
      )
    : { colour: 'untestable', reason: fault }
}

/** Returns a runtime at a version with its packages. Returns the reason if a package does not belong to this version. */
function chooseRelease(subject: Subject, version: string, packages: readonly string[]): Subject | string {
  try {
    return selectBeside(selectVersion(subject, version), packages)
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
}

/**
 * Returns the colour of a version with its reason. A violated must makes a version bad; with `named`, a violated should does
 * so as well. A version without violations is good if at least one invariant was checked. That the premise of the invariant does
 * not occur is good, too: a version may have mended the bug by no longer getting there.
 */
export function chooseColour(verdicts: readonly Verdict[], named: boolean): Omit<Tested, 'version'> {
  const violated = verdicts.filter(
    ({ verdict, level }) => verdict === 'violated' && (named || level === 'must'),
  )
  const [first] = violated
  if (first !== undefined) {
    const message = first.counterexample?.violations[0]?.message ?? ''
    return { colour: 'bad', reason: `${first.invariant}: ${message}` }
  }
  const unsaid = verdicts.find(({ verdict }) => verdictKinds[verdict] === 'unsaid')
  if (unsaid) return { colour: 'untestable', reason: unsaid.reason ?? unsaid.verdict }
  const flaky = verdicts.find(({ verdict }) => verdict === 'flaky')
  if (flaky) return { colour: 'untestable', reason: `${flaky.invariant} is flaky` }
  if (verdicts.some(({ verdict }) => verdictKinds[verdict] === 'held'))
    return { colour: 'good', reason: 'holds' }
  if (verdicts.some(({ verdict }) => verdict === 'unexercised'))
    return { colour: 'good', reason: 'the premise of the invariant did not occur' }
  return { colour: 'untestable', reason: verdicts[0]?.reason ?? 'nothing was checked' }
}
