player(JSON.parse(one('#cues').textContent).cues);
