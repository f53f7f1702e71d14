// The counts as embedding.py wrote them, and what is computed of those that are chosen.

const counts = JSON.parse(document.getElementById("counts").textContent);
const AGES = 3, YEARS = 4, TENURES = 5, ZONES = 6, CHANGES = 7, COLUMNS = 8; // places in a cell

const sum = numbers => numbers.reduce((all, number) => all + number, 0);
const peopleOf = cells => sum(cells.map(cell => cell[2]));

// The cells of a day, or of everybody, of a nationality and of a gender; null is any of them.
function chosen(filters) {
  const cells = filters.day === null ? counts.everybody : counts.days[filters.day][1];
  return cells.filter(([nationality, gender]) =>
    (filters.nationality === null || nationality === filters.nationality) &&
    (filters.gender === null || gender === filters.gender));
}

// Adds up one column of the cells: how many people by value.
function added(cells, place) {
  const all = new Map();
  for (const cell of cells) {
    const [first, ...numbers] = cell[place];
    numbers.forEach((number, at) => {
      if (number) all.set(first + at, (all.get(first + at) ?? 0) + number);
    });
  }
  return new Map([...all].sort(([one], [other]) => one - other));
}

// The value that a share of the people is at or below; of two in the middle, their mean.
function quantile(byValue, share) {
  const people = sum([...byValue.values()]);
  const at = place => {
    let seen = 0;
    for (const [value, number] of byValue) if ((seen += number) >= place) return value;
  };
  if (!people) return null;
  const place = people * share;
  return Number.isInteger(place) ? (at(place) + at(place + 1)) / 2 : at(Math.ceil(place));
}

const median = byValue => quantile(byValue, .5);

function byGroup(byAge) {
  const groups = counts.groups.map(([name, from]) => ({name: ranged(name), from, people: 0}));
  for (const [age, number] of byAge) {
    const group = groups.findLast(({from}) => from <= age);
    if (group) group.people += number;
  }
  return groups;
}

// Cells by what stands at a place: 0 is the nationality, 1 the gender.
function apart(cells, place) {
  const parts = new Map();
  for (const cell of cells) parts.set(cell[place], [...(parts.get(cell[place]) ?? []), cell]);
  return parts;
}

// Words

const told = number => number.toLocaleString("en");
const ranged = name => name.replace("-", "–");
const rounded = number => told(Math.round(number * 10) / 10);
const persons = number => `${told(number)} ${number === 1 ? "person" : "people"}`;
const counted = (number, one, many) => `${told(number)} ${number === 1 ? one : many}`;
const countryOf = nationality => counts.nationalities[nationality][1];
const genderOf = gender => counts.genders[gender];
const zoneOf = zone => `UTC${counts.zones[zone][0].replace("-", "−").replace(/^0:00$/, "±0:00")}`;
const dayOf = filters => counts.days[filters.day ?? 0]?.[0];

// So that only nothing is 0% and only everything is 100%.
function share(part, whole) {
  if (!whole) return "–";
  const percent = 100 * part / whole;
  if (percent > 0 && percent < .1) return "<0.1%";
  if (percent > 99.9 && percent < 100) return ">99.9%";
  return `${rounded(percent)}%`;
}
