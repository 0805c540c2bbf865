# A docker daemon that says what the file named first says: how it answers, and with what. Listens at the path named second.
# honest: as HTTP/1.0 wants it. slow: after a second. never: takes the question. flood: without end. trickle: a byte now and then.
import json, os, socket, sys, threading, time

mode_file, path = sys.argv[1:3]
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
os.chmod(path, int(sys.argv[3], 8) if len(sys.argv) > 3 else 0o660)
listener.listen(64)
log = open(mode_file + '.log', 'a', buffering=1)
HEAD = b'HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n'

def container(id, name):
    return {'Id': id, 'Names': ['/' + name], 'Image': 'nginx', 'Labels': {'com.docker.compose.project': 'shop'}, 'State': 'running'}

def body(mode):
    if mode['how'] == 'garbage': return b'[{"Id":' + b'\xff\xfe' * 1000
    if mode['how'] == 'empties': return b'[' + b','.join([b'{}'] * 1380000) + b']'
    if mode['how'] == 'nested': return b'[' * 2000000 + b']' * 2000000
    if mode['how'] == 'ids': return b'[' + b','.join([b'{"Id":"a"}'] * 370000) + b']'
    if mode['how'] == 'crowd':
        many = [container('%064x' % n, 'c%d' % n) for n in range(100000)]
        return json.dumps(many).encode()
    honest = json.dumps([container(id, name) for id, name in mode['containers']]).encode()
    return honest + b' ' * 5000000 if mode['how'] == 'long' else honest

def answer(peer):
    question = peer.recv(4096).decode().split('\r\n')[0]
    mode = json.load(open(mode_file))
    log.write(question + '\n')
    how = mode['how']
    try:
        if how == 'never': time.sleep(600)
        if how == 'slow': time.sleep(1)
        if how == 'flood':
            peer.sendall(HEAD + b'[')
            while True: peer.sendall(b'{"Id":"%064d","Names":["/x"]},' % 7 * 1000)
        if how == 'trickle':
            peer.sendall(HEAD + b'[')
            while True: peer.sendall(b' '); time.sleep(0.05)
        peer.sendall(HEAD + body(mode))
    except OSError: pass # the other side has had enough
    peer.close()

while True:
    peer, _ = listener.accept()
    threading.Thread(target=answer, args=(peer,), daemon=True).start()
