/* A service that costs next to nothing: reads each request to its end, answers 200, keeps the connection.
 *
 * usage: sink PORT
 *
 * One thread, epoll. Bodies with a Content-Length and chunked ones are read and forgotten. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_HEAD = 16384, BUFFER = 1 << 20, EVENTS = 256 };
enum state { HEAD, LENGTH, CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILER };

struct connection {
    int fd;
    enum state state;
    size_t head_size;    /* bytes in head */
    unsigned long left;  /* of the body, or of the chunk */
    int trailer_line;    /* bytes of the trailer line so far */
    char head[MAX_HEAD + 1];
};

static const char ANSWER[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nok\n";
static char buffer[BUFFER];

static void begin(struct connection *c) {
    c->state = HEAD;
    c->head_size = 0;
}

static int answer(struct connection *c) {
    begin(c);
    return write(c->fd, ANSWER, sizeof ANSWER - 1) == sizeof ANSWER - 1 ? 0 : -1;
}

/* The head is complete: how does the body end? */
static int head_done(struct connection *c) {
    c->head[c->head_size] = 0;
    char *length = strcasestr(c->head, "\r\ncontent-length:");
    if (strcasestr(c->head, "\r\ntransfer-encoding:")) {
        c->state = CHUNK_SIZE;
        c->left = 0;
        return 0;
    }
    c->left = length ? strtoul(length + 17, NULL, 10) : 0;
    c->state = LENGTH;
    return c->left ? 0 : answer(c);
}

/* Takes one byte of a chunked body's framing. */
static int framing(struct connection *c, char byte) {
    if (c->state == CHUNK_SIZE) {
        if (byte == '\n') {
            c->state = c->left ? CHUNK_DATA : TRAILER;
            c->trailer_line = 0;
        } else if (byte >= '0' && byte <= '9') {
            c->left = c->left * 16 + (unsigned)(byte - '0');
        } else if ((byte | 32) >= 'a' && (byte | 32) <= 'f') {
            c->left = c->left * 16 + (unsigned)((byte | 32) - 'a' + 10);
        }
    } else if (c->state == CHUNK_END && byte == '\n') {
        c->state = CHUNK_SIZE;
        c->left = 0;
    } else if (c->state == TRAILER) {
        if (byte == '\n' && c->trailer_line <= 1) return answer(c);
        c->trailer_line = byte == '\n' ? 0 : c->trailer_line + 1;
    }
    return 0;
}

static int take(struct connection *c, const char *data, size_t size) {
    size_t at = 0;
    while (at < size) {
        if (c->state == HEAD) {
            if (c->head_size == MAX_HEAD) return -1;
            c->head[c->head_size++] = data[at++];
            if (c->head_size >= 4 && !memcmp(c->head + c->head_size - 4, "\r\n\r\n", 4) && head_done(c)) return -1;
        } else if (c->state == LENGTH || c->state == CHUNK_DATA) {
            size_t part = size - at < c->left ? size - at : c->left;
            at += part;
            c->left -= part;
            if (!c->left && c->state == CHUNK_DATA) c->state = CHUNK_END;
            else if (!c->left && answer(c)) return -1;
        } else if (framing(c, data[at++])) {
            return -1;
        }
    }
    return 0;
}

static void accept_all(int listener, int poll) {
    int fd, one = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct connection *c = calloc(1, sizeof *c);
        if (!c) exit(1);
        c->fd = fd;
        begin(c);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
    }
}

static void receive(struct connection *c) {
    ssize_t size = read(c->fd, buffer, sizeof buffer);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0 || take(c, buffer, (size_t)size)) {
        close(c->fd);
        free(c);
    }
}

int main(int argc, char **argv) {
    if (argc != 2) return fprintf(stderr, "usage: sink PORT\n"), 2;
    signal(SIGPIPE, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[1])),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)) return perror("sink"), 1;
    int poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, ready[EVENTS];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int count = epoll_wait(poll, ready, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            if (ready[i].data.ptr) receive(ready[i].data.ptr);
            else accept_all(listener, poll);
        }
    }
}
