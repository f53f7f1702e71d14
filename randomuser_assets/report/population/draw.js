// Drawing: shapes, marks that say their number when pointed at or reached by key, and tables.

const SVG = "http://www.w3.org/2000/svg";
const tip = document.getElementById("tip");

function shape(parent, name, attributes = {}, text = "") {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== "") element.textContent = text;
  parent.append(element);
  return element;
}

function element(parent, name, text = "", attributes = {}) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  parent.append(made);
  return made;
}

const label = (parent, x, y, text, kind = "", anchor = "middle") =>
  shape(parent, "text", {x, y, "text-anchor": anchor, class: kind}, text);

// A text that is cut where it would be wider than its room.
function fitted(parent, x, y, text, room, anchor = "start") {
  const made = label(parent, x, y, text, "", anchor);
  let length = text.length;
  while (length > 1 && made.getComputedTextLength() > room) {
    made.textContent = `${text.slice(0, --length).trimEnd()}…`;
  }
  return made;
}

// An empty drawing that takes the place of the one before; null where nobody is to be drawn.
function canvas(figure, height, people, width = figure.querySelector(".plot").clientWidth) {
  const plot = figure.querySelector(".plot");
  hideTip();
  plot.replaceChildren();
  figure.classList.toggle("nothing", !people);
  if (!people) {
    element(plot, "p", "Nobody matches these filters.", {class: "empty"});
    return null;
  }
  const drawing = shape(plot, "svg", {
    width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "data-width": width,
    "aria-roledescription": "chart", "aria-labelledby": `${figure.id}-title`,
  });
  return drawing;
}

// A part of a chart that has a number: what it says, and the place that answers to the pointer.
function mark(drawing, lines, [x, y, width, height], row = 0, column = 0) {
  const group = shape(drawing, "g", {
    class: "mark", role: "img", "aria-label": lines.join(", "),
    tabindex: drawing.querySelector(".mark") ? -1 : 0, "data-row": row, "data-column": column,
  });
  shape(group, "rect", {class: "hit", x, y, width: Math.max(width, 1), height: Math.max(height, 1)});
  group.lines = lines;
  return group;
}

function showTip(group) {
  const [first, ...rest] = group.lines;
  tip.replaceChildren();
  element(tip, "b", first);
  for (const line of rest) element(tip, "span", line);
  tip.hidden = false;
  const over = group.querySelector(".hit").getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  const widest = document.documentElement.clientWidth - own.width - 4;
  const left = Math.min(Math.max(over.left + over.width / 2 - own.width / 2, 4), widest);
  const above = over.top - own.height - 8;
  tip.style.left = `${left}px`;
  tip.style.top = `${above < 4 ? Math.min(over.bottom + 8, innerHeight - own.height - 4) : above}px`;
}

function hideTip() {
  tip.hidden = true;
}

const markOf = target => target.closest?.(".mark");

// Who goes by keys keeps the tip when that scrolls the page, also below a pointer at rest.
function leaveTip() {
  const at = document.activeElement;
  if (!tip.hidden && markOf(at) && at.matches(":focus-visible")) showTip(at);
  else hideTip();
}

addEventListener("pointerover", ({target}) => markOf(target) ? showTip(markOf(target)) : leaveTip());
addEventListener("focusin", ({target}) => markOf(target) && showTip(markOf(target)));
addEventListener("focusout", hideTip);
addEventListener("scroll", leaveTip, {capture: true, passive: true});

// A chart is one stop of the tab key; the arrows go from mark to mark, by rows and columns.
addEventListener("keydown", event => {
  const here = markOf(event.target);
  if (event.key === "Escape") hideTip();
  if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
  const marks = [...here.ownerSVGElement.querySelectorAll(".mark")];
  const at = marks.indexOf(here);
  const grid = new Set(marks.map(({dataset}) => dataset.row)).size > 1 &&
    new Set(marks.map(({dataset}) => dataset.column)).size > 1;
  const beside = (rows, columns) => marks.find(({dataset}) =>
    +dataset.row === +here.dataset.row + rows && +dataset.column === +here.dataset.column + columns);
  const next = {
    ArrowRight: () => grid ? beside(0, 1) : marks[at + 1],
    ArrowLeft: () => grid ? beside(0, -1) : marks[at - 1],
    ArrowDown: () => grid ? beside(1, 0) : marks[at + 1],
    ArrowUp: () => grid ? beside(-1, 0) : marks[at - 1],
    Home: () => marks[0],
    End: () => marks.at(-1),
  }[event.key];
  if (!next) return;
  event.preventDefault();
  const there = next();
  if (!there) return;
  here.setAttribute("tabindex", -1);
  there.setAttribute("tabindex", 0);
  there.focus();
});

// The same numbers as a table: the first column names the row, all others are numbers.
function tabulate(figure, head, rows) {
  const table = figure.querySelector("table");
  table.replaceChildren();
  const top = element(element(table, "thead"), "tr");
  head.forEach((name, at) => element(top, "th", name, {scope: "col", class: at ? "number" : ""}));
  const body = element(table, "tbody");
  for (const [name, ...numbers] of rows) {
    const row = element(body, "tr");
    element(row, "th", name, {scope: "row"});
    for (const number of numbers) {
      element(row, "td", typeof number === "number" ? told(number) : number, {class: "number"});
    }
  }
}

function answer(figure, text) {
  figure.querySelector(".answer").textContent = text;
}

// Columns side by side, of {name, people, lines}; the largest stands out.
function columns(figure, rows, {height, values}) {
  const people = sum(rows.map(row => row.people));
  const drawing = canvas(figure, height, people);
  if (!drawing) return;
  const width = +drawing.dataset.width, most = Math.max(...rows.map(row => row.people));
  const top = 26, floor = height - (values ? 42 : 24), step = width / rows.length;
  const every = Math.ceil(34 / step); // so that the names below do not touch
  rows.forEach((row, at) => {
    const left = step * at, middle = left + step / 2, high = (floor - top) * row.people / most;
    const strong = row.people === most ? "strong" : "";
    const group = mark(drawing, row.lines, [left, 0, step, height], 0, at);
    const bar = {x: left + step * .11, y: floor - high, width: step * .78, height: high};
    shape(group, "rect", {class: `bar ${strong}`, ...bar});
    if (values || strong) label(group, middle, floor - high - 7, told(row.people), strong);
    if (at % every === 0) {
      const inside = Math.min(Math.max(middle, 15), width - 15); // where a whole name is to be seen
      label(group, inside, floor + 17, row.name, values ? strong : "quiet");
    }
    if (values && row.people) label(group, middle, floor + 34, share(row.people, people), "quiet");
  });
  shape(drawing, "path", {class: "floor", d: `M0 ${floor + .5}H${width}`});
}

// Bars one below the other, of {name, people, lines, faint}.
function bars(figure, rows, {names, whole = sum(rows.map(row => row.people))}) {
  const high = 30;
  const drawing = canvas(figure, rows.length * high, whole);
  if (!drawing) return;
  const width = +drawing.dataset.width, most = Math.max(...rows.map(row => row.people), 1);
  const room = width - names - 104;
  rows.forEach((row, at) => {
    const top = at * high, strong = row.people === most ? "strong" : "";
    const group = mark(drawing, row.lines, [0, top, width, high], at, 0);
    const long = room * row.people / most;
    fitted(group, 0, top + 20, row.name, names - 8).classList.toggle("strong", Boolean(strong));
    shape(group, "rect", {class: `bar ${strong}`, x: names, y: top + 5, width: long, height: high - 10});
    const number = label(group, names + long + 7, top + 20, told(row.people), strong, "start");
    shape(number, "tspan", {dx: 7, class: "quiet"}, share(row.people, whole));
  });
}
