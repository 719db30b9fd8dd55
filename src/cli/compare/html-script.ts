/**
 * What the page can do beyond being read: narrow table and cards to a name or to what drifted, and sort the table. The cards
 * stay where they are, as moving a thousand of them takes seconds; for the same reason a very long table is not shown whole
 * until somebody asks. Controls are hidden until this runs.
 */
export const SCRIPT = `
(() => {
  'use strict';
  const AT_ONCE = 1000;
  const byId = (id) => document.getElementById(id);
  const table = byId('overview-table');
  const tools = byId('tools');
  if (!table || !tools) return;
  const body = table.tBodies[0];
  const entries = [...body.rows].map((row) => {
    const name = row.cells[0];
    const link = name.querySelector('a');
    return {
      row,
      name: name.textContent.toLowerCase(),
      drifted: row.classList.contains('drifted'),
      card: link && byId(link.hash.slice(1)),
    };
  });
  let ordered = entries;
  let limit = AT_ONCE;

  const show = () => {
    const wanted = byId('search').value.trim().toLowerCase();
    const onlyDrifted = byId('only-drifted').checked;
    const hits = ordered.filter(({ name, drifted }) => name.includes(wanted) && (drifted || !onlyDrifted));
    const rows = document.createDocumentFragment();
    for (const { row } of hits.slice(0, limit)) rows.append(row);
    body.replaceChildren(rows);
    const found = new Set(hits);
    for (const entry of entries) {
      if (entry.card) entry.card.hidden = !found.has(entry);
    }
    byId('shown').textContent =
      hits.length === entries.length ? '' : hits.length + ' of ' + entries.length + ' found';
    byId('cut').hidden = hits.length <= limit;
    byId('cut-text').textContent = 'The first ' + limit + ' of ' + hits.length + ' rows.';
  };

  const collator = new Intl.Collator('en', { numeric: true });
  const keyOf = (row, column, kind) => {
    const cell = row.cells[column];
    if (kind === 'text') return cell.textContent.toLowerCase();
    return cell.dataset.v === undefined ? undefined : Number(cell.dataset.v);
  };
  const sort = (header) => {
    const kind = header.dataset.sort;
    const first = kind === 'text' ? 'ascending' : 'descending';
    const second = kind === 'text' ? 'descending' : 'ascending';
    const order = header.getAttribute('aria-sort') === first ? second : first;
    for (const other of header.parentNode.cells) other.removeAttribute('aria-sort');
    header.setAttribute('aria-sort', order);
    const sign = order === 'ascending' ? 1 : -1;
    const keyed = entries.map((entry) => ({ entry, key: keyOf(entry.row, header.cellIndex, kind) }));
    // What has no number stays last, whichever way.
    keyed.sort(({ key: a }, { key: b }) => {
      if (a === undefined || b === undefined) return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0);
      return sign * (kind === 'text' ? collator.compare(a, b) : a - b);
    });
    ordered = keyed.map(({ entry }) => entry);
    show();
  };

  for (const header of table.tHead.rows[0].cells) {
    if (!header.dataset.sort) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...header.childNodes);
    button.addEventListener('click', () => sort(header));
    header.append(button);
  }
  byId('search').addEventListener('input', show);
  byId('only-drifted').addEventListener('change', show);
  byId('all-rows').addEventListener('click', () => {
    limit = Infinity;
    show();
  });
  byId('unfold').addEventListener('click', ({ currentTarget: button }) => {
    const open = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(open));
    for (const fold of document.querySelectorAll('.card details')) fold.open = open;
  });
  // A link may lead to a card that the search has put away.
  document.addEventListener('click', ({ target }) => {
    const link = target.closest('a[href^="#"]');
    if (!link || !byId(link.hash.slice(1))?.hidden) return;
    byId('search').value = '';
    byId('only-drifted').checked = false;
    show();
  });
  tools.hidden = false;
  // A browser that comes back to the page may have kept what was typed.
  show();
})();
`;
