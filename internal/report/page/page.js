"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const steps = Array.from(document.querySelectorAll(".step"));
  const panel = document.getElementById("facts");
  const where = document.getElementById("where");
  const cursor = document.getElementById("cursor");
  let at = 0; // 0 is before the first step that is drawn

  function cell(row, tag, text, kind) {
    const c = document.createElement(tag);
    c.textContent = text;
    if (kind) { c.className = kind; }
    row.appendChild(c);
    return c;
  }

  function value(state, key) {
    const v = data.states[state][key];
    return v === undefined ? 0 : v;
  }

  function show() {
    panel.textContent = "";
    let kind = "";
    const said = [];
    data.keys.forEach(function (key, i) {
      const now = value(at, i), before = at > 0 ? value(at - 1, i) : now;
      if (now === 0 && before === 0) { return; }
      if (key[0] !== kind) {
        kind = key[0];
        const row = panel.insertRow();
        const c = cell(row, "th", kind, "kind");
        c.colSpan = 2;
        c.scope = "rowgroup";
      }
      const row = panel.insertRow();
      cell(row, "th", key[1]).scope = "row";
      const text = now === 0 ? "gone" : data.values[now];
      const changed = now !== before;
      cell(row, "td", text, changed ? "changed" : "");
      if (changed) { said.push(key[0] + " " + key[1] + ": " + text); }
    });
    const step = steps[at - 1];
    where.textContent = at === 0 ? data.before :
      "After step " + step.dataset.step + ": " + step.dataset.words + (said.length ? ". Changed: " + said.join("; ") : "");
    steps.forEach(function (s, i) {
      const current = i === at - 1;
      s.tabIndex = current || (at === 0 && i === 0) ? 0 : -1;
      if (current) { s.setAttribute("aria-current", "step"); } else { s.removeAttribute("aria-current"); }
    });
    if (cursor) {
      const x = at === 0 ? data.chart.left : data.chart.left + (at - 0.5) * data.chart.step;
      cursor.setAttribute("x1", x);
      cursor.setAttribute("x2", x);
    }
  }

  function go(to, focus) {
    at = Math.max(0, Math.min(steps.length, to));
    show();
    if (focus && at > 0) {
      steps[at - 1].focus({ preventScroll: true });
      steps[at - 1].scrollIntoView({ block: "center" });
    }
  }

  const moves = {
    ArrowDown: function () { return at + 1; }, j: function () { return at + 1; },
    ArrowUp: function () { return at - 1; }, k: function () { return at - 1; },
    Home: function () { return 0; }, End: function () { return steps.length; },
    v: function () { return data.violation; }, w: function () { return data.window; }
  };

  document.addEventListener("keydown", function (e) {
    if (e.ctrlKey || e.metaKey || e.altKey) { return; }
    const move = moves[e.key];
    if (!move) { return; }
    const inside = e.target === document.body || e.target.closest(".lanes, .panel");
    if (!inside) { return; }
    e.preventDefault();
    go(move(), true);
  });
  steps.forEach(function (s, i) {
    s.addEventListener("click", function () { go(i + 1, false); });
  });
  document.querySelectorAll("[data-move]").forEach(function (b) {
    b.addEventListener("click", function () { go(moves[b.dataset.move](), true); });
  });
  document.querySelectorAll("[data-copy]").forEach(function (b) {
    b.addEventListener("click", function () {
      const text = document.getElementById(b.dataset.copy).textContent;
      const done = function () { b.textContent = "copied"; };
      if (navigator.clipboard && navigator.clipboard.writeText) {
        navigator.clipboard.writeText(text).then(done, function () { select(b.dataset.copy); });
      } else {
        select(b.dataset.copy);
      }
    });
  });

  function select(id) {
    const range = document.createRange();
    range.selectNodeContents(document.getElementById(id));
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  go(data.violation, false);
})();
