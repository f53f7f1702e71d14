// The page: what is chosen, and everything drawn anew when that or the width is another.

const fields = ["day", "nationality", "gender"].map(id => document.getElementById(id));
const said = document.getElementById("said");

function offer(field, all, names) {
  const any = element(field, "option", all, {value: ""});
  any.defaultSelected = true;
  names.forEach(([place, name]) => element(field, "option", name, {value: place}));
}

function filtersNow() {
  const [day, nationality, gender] = fields.map(({value}) => value === "" ? null : Number(value));
  return {day, nationality, gender};
}

function sentence(filters, people) {
  const who = [
    filters.gender === null ? "" : genderOf(filters.gender),
    filters.nationality === null ? "" : `of ${countryOf(filters.nationality)}`,
    filters.day === null ? "" : `on ${dayOf(filters)}`,
  ].filter(Boolean).join(", ");
  return `${who ? "Shown" : "Everybody"}: ${persons(people)}${who ? `, ${who}` : ""}`;
}

function draw() {
  const filters = filtersNow(), cells = chosen(filters), people = peopleOf(cells);
  const view = {
    filters, cells, people,
    others: chosen({...filters, nationality: null}),
    // Everybody is compared by the newest day.
    changed: counts.days.length ? chosen({...filters, day: filters.day ?? 0}) : [],
  };
  const tile = (id, text) => document.getElementById(id).textContent = text;
  const years = number => number === null ? "–" : `${rounded(number)} years`;
  tile("people", told(people));
  tile("median", years(median(added(cells, AGES))));
  tile("nations", told(new Set(cells.filter(cell => cell[2]).map(([nationality]) => nationality)).size));
  tile("tenured", years(median(added(cells, TENURES))));
  for (const drawn of DRAWN) drawn(view);
  return sentence(filters, people);
}

offer(fields[0], "Everybody", counts.days.map(([day], place) => [place, day]));
offer(fields[1], "All", counts.nationalities.map(([, name], place) => [place, name])
  .sort(([, one], [, other]) => one.localeCompare(other)));
offer(fields[2], "All", counts.genders.map((name, place) => [place, name]));

const form = fields[0].form;
form.addEventListener("change", () => said.textContent = draw());
form.addEventListener("reset", () => setTimeout(() => said.textContent = draw()));
form.addEventListener("submit", event => event.preventDefault());

// The first time, too: before it is laid out a page may have no width to draw in. A browser that
// comes back to the page keeps what was chosen.
let width = 0;
new ResizeObserver(([{contentRect}]) => {
  if (!contentRect.width || contentRect.width === width) return; // charts change the height
  width = contentRect.width;
  said.textContent = draw();
}).observe(document.querySelector(".charts"));
