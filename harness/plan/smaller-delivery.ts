/**
 * Yields simpler orders of the conversations, the simplest first. An order is simpler if it changes the conversation less often;
 * if it is as calm, then if it is shorter; if it is as long, then if its numbers are lower.
 */
export function* listSimplerDeliveries(
  delivery: readonly number[],
  conversations: number,
): Generator<number[]> {
  const changes = countChanges(delivery)
  if (changes > 1 && conversations <= MOST_CONVERSATIONS)
    yield* listOrdersWithOneChange(delivery.length, conversations)
  const parts = [...listParts(delivery.length), ...listEqualNeighbours(delivery)]
  for (const [from, length] of parts) yield delivery.toSpliced(from, length)
  for (const [from, length] of parts) {
    const less = delivery.with(from, 0).fill(0, from, from + length)
    const isLower = delivery.slice(from, from + length).some((number) => number > 0)
    if (isLower && countChanges(less) <= changes) yield less
  }
}

/** Returns how often the number changes from one step to the next. */
export function countChanges(delivery: readonly number[]): number {
  return delivery.filter((number, step) => step > 0 && number !== delivery[step - 1]).length
}

/** With more conversations there are too many orders. Most plans that break a rule need only two. */
const MOST_CONVERSATIONS = 3

/** Yields orders of two conversations in which one goes on alone up to a step, early or late, and then the other one. */
export function* listSpreadOrders(length: number): Generator<number[]> {
  for (let change = 1; change < length; change = Math.ceil(change * 1.5))
    for (const first of [0, 1]) yield createOrderWithOneChange(length, change, first, 1 - first)
}

/** Yields the orders in which one conversation goes on alone up to a step, and then another one. */
function* listOrdersWithOneChange(length: number, conversations: number): Generator<number[]> {
  for (const steps of listLengths(length))
    for (let first = 0; first < conversations; first++)
      for (let then = 0; then < conversations; then++)
        if (then !== first) yield createOrderWithOneChange(length, steps, first, then)
}

function createOrderWithOneChange(length: number, change: number, first: number, then: number): number[] {
  return Array.from({ length }, (_, step) => (step < change ? first : then))
}

/** Up to this number of steps each number is tried, from there on only some. */
const EXACT = 24

/** Yields numbers of steps that are less than the length: all small ones, and larger ones in growing distances. */
function* listLengths(length: number): Generator<number> {
  for (let steps = 1; steps < length; steps = steps < EXACT ? steps + 1 : Math.ceil(steps * 1.2)) yield steps
}

/** The smallest part of a list that is tried, as a share of the list. */
const SMALLEST_SHARE = 16

type Part = [from: number, length: number]

/** Yields the halves, quarters, eighths and sixteenths of a list, the last ones first. A part has at least one member. */
function* listParts(length: number): Generator<Part> {
  for (let share = 2; share <= SMALLEST_SHARE; share *= 2) {
    const size = Math.ceil(length / share)
    for (let from = size * (Math.ceil(length / size) - 1); from >= 0; from -= size)
      yield [from, Math.min(size, length - from)]
    if (size <= 1) return
  }
}

/** The largest number of groups of equal neighbours that are tried one by one. */
const MOST_GROUPS = 16

/** Returns the groups of equal neighbours in a list, or none if there are too many. */
function listEqualNeighbours(list: readonly number[]): Part[] {
  const groups: Part[] = []
  for (const [at, member] of list.entries()) {
    const last = groups.at(-1)
    if (last !== undefined && list[at - 1] === member) last[1]++
    else if (groups.length === MOST_GROUPS) return []
    else groups.push([at, 1])
  }
  return groups
}
