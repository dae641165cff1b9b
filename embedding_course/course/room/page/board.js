const line = new WebSocket(`ws://${location.host}/board/line`);
line.onopen = () => line.send(JSON.stringify({token: location.hash.slice(1)}));
line.onmessage = event => { document.getElementById("raw").textContent = event.data; };
