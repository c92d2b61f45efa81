/** Which places prove what, where each thing has to be proved once. Pure. */

export interface Place {
  name: string;
  /** What can be proved there. */
  things: readonly string[];
}

/**
 * A place for every thing, on as few places as a greedy choice finds: again and again the one that proves most of what
 * is left, the first of several in their order. https://en.wikipedia.org/wiki/Set_cover_problem#Greedy_algorithm
 *
 * @returns The names of the places by thing. The same places in the same order give the same answer.
 */
export function cover(places: readonly Place[]): Map<string, string> {
  const chosen: Place[] = [];
  const left = new Set(places.flatMap(({ things }) => things));
  const gain = ({ things }: Place) => things.filter((thing) => left.has(thing)).length;
  while (left.size > 0) {
    const best = places.reduce((one, other) => (gain(other) > gain(one) ? other : one));
    chosen.push(best);
    for (const thing of best.things) left.delete(thing);
  }
  const kept = withoutNeedless(chosen);
  return assigned(places.filter((place) => kept.includes(place)));
}

/** Without those of which later choices have proved everything. */
function withoutNeedless(chosen: readonly Place[]): Place[] {
  return chosen.reduce<Place[]>(
    (kept, place) => {
      const others = kept.filter((other) => other !== place);
      const proved = new Set(others.flatMap(({ things }) => things));
      return place.things.every((thing) => proved.has(thing)) ? others : kept;
    },
    [...chosen],
  );
}

/** Each thing to the first that can, which in the table is the one that is most like others. */
function assigned(chosen: readonly Place[]): Map<string, string> {
  const places = new Map<string, string>();
  for (const { name, things } of chosen)
    for (const thing of things) if (!places.has(thing)) places.set(thing, name);
  return places;
}
