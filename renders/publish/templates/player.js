const LARGEST = 1e8; // bytes: what is fetched whole where a server cannot jump
// A video with its captions, that goes to any time; of a page, and of what is embedded elsewhere.
const one = (query) => document.querySelector(query), all = (query) => [...document.querySelectorAll(query)];
const player = (cues) => {
  const video = one('video'), said = one('.said');
  // Captions: added here, since a browser fetches none for a page that lies in a folder.
  all('track').forEach((track) => track.remove());
  if (cues.length) {
    const track = video.addTextTrack('captions', video.dataset.label, document.documentElement.lang);
    const plain = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
    for (const [from, to, text] of cues) {
      track.addCue(new VTTCue(from / 1000, to / 1000, text.replace(/[&<>]/g, (sign) => plain[sign])));
    }
    track.mode = 'showing';
  }

  // A page that is one file holds its video as text.
  const held = one('#video');
  if (held) {
    const bytes = Uint8Array.from(atob(held.textContent.trim()), (letter) => letter.charCodeAt(0));
    held.remove();
    video.src = URL.createObjectURL(new Blob([bytes], { type: 'video/mp4' }));
  }

  // Going to a time, also where the server sends files only from their start.
  const loaded = () => new Promise((done) => {
    if (video.readyState) done(); else video.addEventListener('loadedmetadata', done, { once: true });
  });
  let whole = null;
  const fetched = async () => {
    if (+video.dataset.bytes > LARGEST) { said.textContent = video.dataset.noseek; return; }
    said.textContent = video.dataset.fetching;
    const playing = !video.paused, at = video.currentTime;
    const found = await (await fetch(video.currentSrc)).blob();
    video.src = URL.createObjectURL(found);
    await loaded();
    video.currentTime = at;
    if (playing) video.play();
    said.textContent = '';
  };
  const able = () => video.seekable.length && video.seekable.end(video.seekable.length - 1) > 0;
  const ready = async () => {
    video.preload = 'metadata';
    await loaded();
    if (!able() && location.protocol !== 'file:') await (whole ??= fetched());
  };
  const go = async (seconds) => {
    await ready();
    video.currentTime = Math.max(0, Math.min(seconds, video.duration || seconds));
  };
  video.addEventListener('play', ready);
  const asked = () => {
    const found = /[?&#]t=(?:(\d+):)?(\d+(?:\.\d+)?)s?(?:&|$)/.exec(location.search + location.hash);
    if (found) go((found[1] || 0) * 60 + +found[2]);
  };
  addEventListener('hashchange', asked);
  asked();
  return { video, go };
};
