#!/usr/bin/python3
# One request to php-fpm: words are the socket and the script; prints the body.
import socket
import struct
import sys


def record(kind, data):
    return struct.pack(">BBHHBB", 1, kind, 1, len(data), 0, 0) + data


def pair(name, value):
    return bytes([len(name), len(value)]) + name.encode() + value.encode()


def main(path, script):
    parameters = {"SCRIPT_FILENAME": script, "SCRIPT_NAME": script, "REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.1"}
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(path)
        begin = record(1, struct.pack(">HB5x", 1, 0))
        connection.sendall(begin + record(4, b"".join(pair(*each) for each in parameters.items())) + record(4, b"") + record(5, b""))
        answer = b""
        while got := connection.recv(65536):
            answer += got
    size = struct.unpack(">H", answer[4:6])[0]
    print(answer[8 : 8 + size].decode().split("\r\n\r\n", 1)[1])


main(*sys.argv[1:])
