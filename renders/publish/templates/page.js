const data = JSON.parse(one('#lesson').textContent), { video, go } = player(data.cues);
const ms = () => video.currentTime * 1000 + 1; // a frame's own time, not the end of the one before
document.documentElement.classList.add('js');
all('.only-js').forEach((part) => { part.hidden = false; });

// Where the voice is: chapter, sentence, word.
const chapters = all('.chapters a'), lines = all('[data-said] p'), box = one('[data-said]'), follow = one('#follow');
const words = lines.map((line) => [...line.querySelectorAll('span span')].filter((span) => !span.firstElementChild));
let following = true, line = -1, chapter = -1, lit = [];
const last = (list, test) => { let i = list.length; while (i-- && !test(list[i])); return i; };
const mark = (list, before, now) => {
  list[before]?.removeAttribute('aria-current');
  list[now]?.setAttribute('aria-current', 'true');
};
const show = () => {
  if (following && line >= 0) {
    const top = lines[line].offsetTop - box.clientHeight / 3;
    box.scrollTo({ top, behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
  }
};
const let_go = () => { following = false; follow.hidden = false; };
['wheel', 'touchmove'].forEach((event) => box.addEventListener(event, let_go, { passive: true }));
box.addEventListener('keydown', (event) => { if (/^(Arrow|Page|Home|End)/.test(event.key)) let_go(); });
follow.addEventListener('click', () => { following = true; follow.hidden = true; show(); });
const follow_voice = (now) => {
  const at = last(data.sentences, ([start]) => start <= now);
  if (at !== line) { mark(lines, line, at); line = at; show(); }
  const here = last(chapters, (link) => link.dataset.t * 1000 <= now);
  if (here !== chapter) {
    mark(chapters, chapter, here);
    chapter = here;
    const list = one('.chapters'), link = chapters[here];
    if (link) list.scrollTop = link.offsetTop - list.offsetTop - list.clientHeight / 2;
  }
  lit.forEach((word) => word.classList.remove('w'));
  if (line < 0) return;
  const [start, , times] = data.sentences[line];
  lit = words[line].filter((_, i) => start + times[2 * i] <= now && now < start + times[2 * i] + times[2 * i + 1]);
  lit.forEach((word) => word.classList.add('w'));
};

// Numbers of the moment, and all of them.
const body = one('#now tbody'), none = one('#none'), hold = one('#hold');
let shown = '';
const row = (number, spoken) => {
  const [text, tensor, index, way] = data.readings[number], tr = document.createElement('tr');
  const at = index.length ? `[${index.join(', ')}]` : '';
  const cells = [text, data.tensors[tensor], at, data.ways[way]];
  for (const content of cells) tr.insertCell().textContent = content;
  const [how, form] = data.ways[way].split(' · ');
  Object.assign(tr.cells[0].dataset, { tensor: data.tensors[tensor], index: index.join(), how, form });
  tr.classList.toggle('now', spoken);
  return tr;
};
const follow_numbers = (now) => {
  if (hold.getAttribute('aria-pressed') === 'true') return;
  const rows = new Map();
  for (const [number, from, to, spoken] of data.shown) {
    if (from > now) break;
    if (now < to) rows.set(number, Boolean(spoken) || rows.get(number) || false);
  }
  const key = JSON.stringify([...rows]);
  if (key === shown) return;
  shown = key;
  body.replaceChildren(...[...rows].map(([number, spoken]) => row(number, spoken)));
  none.hidden = rows.size > 0;
};
hold.addEventListener('click', () => {
  hold.setAttribute('aria-pressed', hold.getAttribute('aria-pressed') !== 'true');
  update();
});
const every = one('#every'), filter = one('#filter');
every.addEventListener('toggle', () => {
  const into = every.querySelector('tbody');
  if (every.open && !into.rows.length) into.append(...data.readings.map((_, number) => row(number, false)));
});
filter.addEventListener('input', () => {
  const wanted = filter.value.toLowerCase();
  for (const tr of every.querySelectorAll('tbody tr')) tr.hidden = !tr.textContent.toLowerCase().includes(wanted);
});

const update = () => { const now = ms(); follow_voice(now); follow_numbers(now); };
const tick = () => { update(); if (!video.paused && !video.ended) requestAnimationFrame(tick); };
video.addEventListener('play', tick);
['seeking', 'seeked', 'timeupdate', 'loadedmetadata'].forEach((event) => video.addEventListener(event, update));

// Links to a time, words, and keys.
all('a[data-t]').forEach((link) => {
  link.href = '?t=' + link.dataset.t;
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(+link.dataset.t);
  });
});
box.addEventListener('click', (event) => {
  const at = lines.indexOf(event.target.closest('p')), word = words[at]?.indexOf(event.target) ?? -1;
  if (word < 0 || !getSelection().isCollapsed) return;
  const [start, , times] = data.sentences[at];
  go((start + times[2 * word]) / 1000);
});
addEventListener('keydown', (event) => {
  const field = event.target.closest('input, textarea, select, [contenteditable]');
  const other = (event.ctrlKey || event.altKey) && !event.getModifierState('AltGraph');
  if (field || other || event.metaKey || !/^[[\]]$/.test(event.key)) return;
  const to = chapters[Math.max(0, Math.min(chapters.length - 1, chapter + (event.key === ']' ? 1 : -1)))];
  if (to) go(+to.dataset.t);
});
update();
