// The charts: each takes what is chosen, answers its question in a sentence, draws, and tabulates.

const figure = id => document.getElementById(id);
const largest = rows => rows.reduce((most, row) => row.people > most.people ? row : most);
const ofAll = (part, whole) => `${persons(part)}, ${share(part, whole)}`;

const genders = cells => [...apart(cells, 1)].sort(([one], [other]) => one - other);
const byGender = cells => genders(cells).map(([gender, own]) => [genderOf(gender), peopleOf(own)]);

function drawAges({cells, people}) {
  const groups = byGroup(added(cells, AGES));
  const parts = genders(cells).map(([gender, own]) => [genderOf(gender), byGroup(added(own, AGES))]);
  const rows = groups.map((group, at) => ({
    ...group,
    lines: [`Age ${group.name}`, ofAll(group.people, people),
      ...parts.map(([gender, own]) => `${gender}: ${told(own[at].people)}`)],
  }));
  const most = rows.length ? largest(rows) : null;
  const sentence = people && most
    ? `The largest age group is ${most.name}: ${told(most.people)} of ${persons(people)} (${share(most.people, people)}).`
    : "Nobody matches these filters.";
  answer(figure("ages"), "");
  document.getElementById("verdict").textContent = sentence;
  if (figure("ages").querySelector(".plot").clientWidth < 620) bars(figure("ages"), rows, {names: 64});
  else columns(figure("ages"), rows, {height: 340, values: true});
  tabulate(figure("ages"), ["Age", ...parts.map(([gender]) => gender), "People", "Share"],
    groups.map((group, at) => [group.name, ...parts.map(([, own]) => own[at].people),
      group.people, share(group.people, people)]));
}

function drawNationalities({cells, people}) {
  const rows = [...apart(cells, 0)].map(([nationality, own]) => ({
    name: countryOf(nationality), people: peopleOf(own), genders: new Map(byGender(own)),
  })).filter(row => row.people).sort((one, other) => other.people - one.people || one.name.localeCompare(other.name));
  const shown = byGender(cells).filter(([, number]) => number);
  const where = figure("nationalities");
  answer(where, people ? `${rows.length > 1 ? `${rows[0].name} has most, ${ofAll(rows[0].people, people)}` : `${rows[0].name}: ${persons(people)}`}. ` +
    `${shown.map(([gender, number]) => `${share(number, people)} are ${gender}`).join(", ")}.` : "");
  tabulate(where, ["Nationality", ...shown.map(([gender]) => gender), "People", "Share"],
    rows.map(row => [row.name, ...shown.map(([gender]) => row.genders.get(gender) ?? 0),
      row.people, share(row.people, people)]));
  const high = 24, head = 24;
  const drawing = canvas(where, rows.length * high + head, people);
  if (!drawing) return;
  const width = +drawing.dataset.width, names = Math.min(116, width * .36);
  const lane = (width - names) / shown.length;
  const most = Math.max(...rows.flatMap(row => [...row.genders.values()]));
  shown.forEach(([gender], at) =>
    label(drawing, names + lane * at, 14, gender, `key g${at % 3}`, "start"));
  rows.forEach((row, at) => {
    const top = head + at * high;
    const lines = [row.name, ofAll(row.people, people),
      ...[...row.genders].map(([gender, number]) => `${gender}: ${ofAll(number, row.people)}`)];
    const group = mark(drawing, lines, [0, top, width, high], at, 0);
    fitted(group, 0, top + 16, row.name, names - 8);
    shown.forEach(([gender], place) => {
      const number = row.genders.get(gender) ?? 0, left = names + lane * place;
      const long = (lane - 56) * number / most;
      shape(group, "rect", {class: `bar g${place % 3}`, x: left, y: top + 4, width: long, height: high - 8});
      label(group, left + long + 5, top + 16, told(number), "", "start");
    });
  });
}

function drawMedians({cells, people, others}) {
  const all = median(added(others, AGES));
  const rows = [...apart(cells, 0)].map(([nationality, own]) => {
    const ages = added(own, AGES);
    const [low, middle, high] = [.25, .5, .75].map(part => quantile(ages, part));
    return {name: countryOf(nationality), people: peopleOf(own), low, middle, high};
  }).filter(row => row.people).sort((one, other) => other.middle - one.middle || one.name.localeCompare(other.name));
  const where = figure("medians");
  const oldest = rows[0], youngest = rows.at(-1);
  answer(where, !people ? "" : rows.length === 1
    ? `${oldest.name}: ${rounded(oldest.middle)} years; all countries: ${rounded(all)}.`
    : `From ${rounded(youngest.middle)} years in ${youngest.name} to ${rounded(oldest.middle)} in ${oldest.name}; of all, ${rounded(all)}.`);
  tabulate(where, ["Country", "People", "Median age", "A quarter is below", "A quarter is above"],
    rows.map(row => [row.name, row.people, rounded(row.middle), rounded(row.low), rounded(row.high)]));
  const high = 24, head = 24;
  const drawing = canvas(where, rows.length * high + head, people);
  if (!drawing) return;
  const width = +drawing.dataset.width, names = Math.min(116, width * .36), right = 40;
  const from = Math.floor(Math.min(...rows.map(row => row.low), all) / 10) * 10;
  const to = Math.max(Math.ceil(Math.max(...rows.map(row => row.high), all) / 10) * 10, from + 10);
  const x = age => names + (width - names - right) * (age - from) / (to - from);
  const bottom = head + rows.length * high;
  for (let age = from; age <= to; age += 10) {
    shape(drawing, "path", {class: "grid", d: `M${x(age)} ${head - 6}V${bottom}`});
    label(drawing, x(age), 12, age, "quiet");
  }
  shape(drawing, "path", {class: "all", d: `M${x(all)} ${head - 6}V${bottom}`});
  rows.forEach((row, at) => {
    const top = head + at * high, middle = top + high / 2;
    const group = mark(drawing, [row.name, `median age ${rounded(row.middle)}`,
      `half are ${rounded(row.low)} to ${rounded(row.high)}`, persons(row.people)], [0, top, width, high], at, 0);
    fitted(group, 0, top + 16, row.name, names - 8);
    shape(group, "rect", {class: "range", x: x(row.low), y: middle - 3, width: Math.max(x(row.high) - x(row.low), 1), height: 6, rx: 3});
    shape(group, "circle", {class: "dot", cx: x(row.middle), cy: middle, r: 5.5});
    label(group, width, top + 16, rounded(row.middle), "", "end");
  });
}

function drawYears({cells, people}) {
  const byYear = added(cells, YEARS), years = [...byYear.keys()];
  const rows = [];
  for (let year = Math.min(...years); year <= Math.max(...years); year++) {
    const number = byYear.get(year) ?? 0;
    rows.push({name: `${year}`, people: number, lines: [`Registered in ${year}`, ofAll(number, people)]});
  }
  const where = figure("years");
  answer(where, rows.length ? `Most in ${largest(rows).name}: ${ofAll(largest(rows).people, people)}.` : "");
  columns(where, rows, {height: 240});
  tabulate(where, ["Year", "People", "Share"], rows.map(row => [row.name, row.people, share(row.people, people)]));
}

function drawTenure({cells, people}) {
  const byTenure = added(cells, TENURES);
  const longest = Math.max(...byTenure.keys());
  const starts = [0, 1];
  for (let start = 5; start <= longest; start += 5) starts.push(start);
  const rows = starts.filter(start => start <= longest).map(from => {
    const to = from ? from - from % 5 + 4 : 0;
    const number = sum([...byTenure].map(([years, many]) => years >= from && years <= to ? many : 0));
    const name = from ? `${from}–${to} years` : "under 1 year";
    return {name, people: number, lines: [`Registered for ${name}`, ofAll(number, people)]};
  });
  const where = figure("tenure");
  answer(where, rows.length ? `Half for ${rounded(median(byTenure))} years or longer, at most ${longest}.` : "");
  bars(where, rows, {names: 104});
  tabulate(where, ["Registered for", "People", "Share"], rows.map(row => [row.name, row.people, share(row.people, people)]));
}

function drawZones({cells, people}) {
  const where = figure("zones");
  const all = added(cells, ZONES), zones = [...all.keys()];
  const placed = sum([...all.values()]);
  const rows = [...apart(cells, 0)].map(([nationality, own]) =>
    ({name: countryOf(nationality), people: peopleOf(own), zones: added(own, ZONES)}))
    .filter(row => row.people).sort((one, other) => one.name.localeCompare(other.name));
  const most = Math.max(...rows.flatMap(row => [...row.zones.values()]));
  const [fullest, number] = [...all].reduce((one, other) => other[1] > one[1] ? other : one, [0, 0]);
  const unplaced = people - placed;
  answer(where, !placed ? "" : `${zoneOf(fullest)} has most, ${ofAll(number, people)}. ` +
    `${counted(rows.length, "nationality", "nationalities")} in ${counted(zones.length, "time zone", "time zones")}` +
    `${unplaced ? `; ${persons(unplaced)} without a place` : ""}.`);
  tabulate(where, ["Nationality", ...zones.map(zoneOf), "All"],
    rows.map(row => [row.name, ...zones.map(zone => row.zones.get(zone) ?? 0), row.people]));
  const shades = figure("shades");
  shades.replaceChildren();
  if (placed) {
    element(shades, "span", "few ");
    for (let shade = 1; shade <= 5; shade++) element(shades, "i", "", {class: `shade s${shade}`});
    element(shades, "span", ` many: at most ${persons(most)} in a square`);
  }
  const high = 22, head = 52, names = 116;
  const wide = Math.max(figure("zones").querySelector(".plot").clientWidth, names + zones.length * 17);
  const drawing = canvas(where, rows.length * high + head, placed, wide);
  if (!drawing) return;
  const step = Math.min((wide - names) / zones.length, 56);
  zones.forEach((zone, at) => {
    const x = names + step * (at + .5);
    shape(drawing, "text", {class: "quiet", transform: `translate(${x + 4} ${head - 6}) rotate(-90)`}, zoneOf(zone).slice(3));
  });
  rows.forEach((row, at) => {
    const top = head + at * high;
    fitted(drawing, 0, top + 15, row.name, names - 8);
    zones.forEach((zone, place) => {
      const many = row.zones.get(zone) ?? 0;
      const box = [names + step * place, top, step, high];
      const [, description] = counts.zones[zone];
      const group = mark(drawing, [`${row.name}, ${zoneOf(zone)}`, ofAll(many, row.people),
        ...(description ? [description] : [])], box, at, place);
      const shade = many ? Math.max(Math.ceil(5 * many / most), 1) : 0;
      shape(group, "rect", {class: `shade s${shade}`, x: box[0] + 1, y: top + 1, width: step - 2, height: high - 2, rx: 2});
    });
  });
}

const CHANGED = ["new", "changed", "returned", "as before", "gone"];

function drawChanges({filters, changed}) {
  const day = dayOf(filters), where = figure("changes");
  const numbers = CHANGED.map((_, at) => sum(changed.map(cell => cell[CHANGES][at])));
  const people = sum(numbers.slice(0, 4));
  const before = counts.days[(filters.day ?? 0) + 1];
  const dayBefore = before && peopleOf(chosen({...filters, day: (filters.day ?? 0) + 1}));
  const more = people - dayBefore;
  const than = !before ? ""
    : `, ${more ? `${told(Math.abs(more))} ${more > 0 ? "more" : "fewer"} than` : "as many as"} on ${before[0]}`;
  answer(where, day ? `${day} has ${persons(people)}${than}: ${told(numbers[0])} new, ${told(numbers[1])} changed` +
    `${numbers[4] ? `; ${told(numbers[4])} gone` : ""}.` : "");
  const rows = CHANGED.map((name, at) => ({
    name, people: numbers[at],
    lines: [`${day}: ${name}`, name === "gone" ? persons(numbers[at]) : ofAll(numbers[at], people)],
  })).filter((row, at) => row.people || at === 0 || at === 1 || at === 3);
  bars(where, rows, {names: 88, whole: people || numbers[4]});
  tabulate(where, [`On ${day}`, "People"], rows.map(row => [row.name, row.people]));
}

function drawColumns({filters, changed}) {
  const where = figure("columns"), day = dayOf(filters);
  const people = sum(changed.map(cell => cell[CHANGES][1]));
  const byColumn = new Map();
  for (const cell of changed) {
    for (const [column, number] of cell[COLUMNS]) byColumn.set(column, (byColumn.get(column) ?? 0) + number);
  }
  const rows = [...byColumn].map(([column, number]) => ({
    name: counts.columns[column], people: number,
    lines: [counts.columns[column], `another with ${ofAll(number, people)} of the changed`],
  })).sort((one, other) => other.people - one.people || one.name.localeCompare(other.name));
  answer(where, rows.length ? `Most often ${rows[0].name}: with ${told(rows[0].people)} of ${told(people)} on ${day}.`
    : `Nobody who is known is another on ${day}.`);
  bars(where, rows, {names: 128, whole: people});
  if (!rows.length) where.querySelector(".plot").replaceChildren();
  tabulate(where, ["What", "People", "Share of the changed"], rows.map(row => [row.name, row.people, share(row.people, people)]));
}

const DRAWN = [
  drawAges, drawNationalities, drawMedians, drawYears, drawTenure, drawZones, drawChanges, drawColumns,
];
