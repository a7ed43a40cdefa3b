// Package driver serves the harness on stdin and stdout, plan after plan: what every runtime in Go shares.
package driver

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type Fields = map[string]any

// Runtime is what a driver drives. `Open` makes what has the runs of one plan. `Pauses`: the package that waits for a time
// before it asks again. `Shape`: an error's name, message, status and code.
type Runtime struct {
	Name, Version, Pauses string
	Supports              []string
	Open                  func(*World) Run
	Shape                 func(error) Fields
}

// Run has one run, and gives its outcome; `emit` blocks until the consumer has the update.
type Run func(ctx context.Context, request Message, emit func(Fields)) (Fields, error)

// Message is anything that the harness says.
type Message struct {
	Type, Run, Input, Session, BaseURL, APIKey string
	Conversation, Call, Number                 int
	Stream, Store                              bool
	Team                                       []struct {
		Name, Instructions string
		Tools              []struct {
			Name       string
			Parameters Fields
		}
	}
	Most  *int
	Value json.RawMessage
	Error *string
}

// World is one plan's: the message that opened it, and the harness's tools.
type World struct {
	Message
	runtime Runtime
	run     Run
	ctx     context.Context
	close   context.CancelFunc
	runs    map[string]*run
	on      sync.WaitGroup
	tools   sync.Map
	calls   atomic.Int64
}

type run struct {
	cancel   context.CancelFunc
	commands chan Message
	left     int // so many updates may be told; -1: all
	asked    bool
	dropped  atomic.Bool // nothing is told to its consumer any more
}

var stdout, writing = os.Stdout, sync.Mutex{}

func send(kind string, told Fields) {
	told["type"] = kind
	line, _ := json.Marshal(told)
	writing.Lock()
	defer writing.Unlock()
	_, _ = stdout.Write(append(line, '\n'))
}

// Serve hears the harness until it has gone. Whatever else is printed goes to stderr.
func Serve(of Runtime) {
	os.Stdout = os.Stderr
	var world *World
	for in := bufio.NewReader(os.Stdin); ; {
		line, gone := in.ReadBytes('\n')
		if gone != nil {
			return
		}
		var m Message
		if err := json.Unmarshal(line, &m); err != nil {
			send("error", Fields{"message": err.Error()})
		}
		switch m.Type {
		case "hello":
			send("ready", Fields{"protocol": 1, "name": of.Name, "version": of.Version, "supports": of.Supports, "hooks": Fields{}})
		case "open":
			world = &World{Message: m, runtime: of, runs: map[string]*run{}}
			world.ctx, world.close = context.WithCancel(context.Background())
			world.run = of.Open(world)
			send("opened", Fields{})
		case "start":
			ctx, cancel := context.WithCancel(world.ctx)
			world.runs[m.Run] = &run{cancel: cancel, commands: make(chan Message, 1000)}
			world.on.Add(1)
			go world.have(ctx, m, world.runs[m.Run])
		case "pull", "outcome":
			world.runs[m.Run].commands <- m
		case "stop", "abort":
			world.runs[m.Run].cancel()
		case "drop":
			world.runs[m.Run].dropped.Store(true)
		case "tool.result":
			if asked, waits := world.tools.LoadAndDelete(m.Call); waits {
				asked.(chan Message) <- m
			}
		case "quiet":
			send("quiet", Fields{"number": m.Number, "sure": still(of.Pauses), "next": nil})
		case "close":
			world.close()
			world.on.Wait()
			send("closed", Fields{"left": []any{}, "held": nil})
		}
	}
}

// have has a run, then tells its consumer how it ended for as long as the plan is open.
func (w *World) have(ctx context.Context, m Message, r *run) {
	// A run begins when it is asked for anything: who leaves before has sent nothing.
	r.hear(ctx)
	outcome, err := w.run(ctx, m, func(update Fields) {
		for (r.left == 0 && !r.asked || r.dropped.Load()) && ctx.Err() == nil {
			r.hear(ctx)
		}
		if r.left != 0 && ctx.Err() == nil {
			r.left--
			send("update", Fields{"run": m.Run, "update": update, "context": "kept", "span": "kept"})
		}
	})
	end := Fields{"run": m.Run, "context": "kept", "span": "kept"}
	if err != nil {
		end["error"] = w.runtime.Shape(err)
		outcome = Fields{"text": "", "status": "failed", "error": end["error"]}
		if ctx.Err() != nil {
			outcome["status"] = "stopped"
		}
	}
	for w.on.Done(); w.ctx.Err() == nil; r.hear(w.ctx) {
		if r.left != 0 {
			send("end", end)
		}
		if r.asked {
			send("outcome", Fields{"run": m.Run, "outcome": outcome})
		}
		r.left, r.asked = 0, false
	}
}

// hear waits for what the consumer does next.
func (r *run) hear(ctx context.Context) {
	select {
	case m := <-r.commands:
		r.asked, r.left = m.Type == "outcome", -1
		if r.asked {
			r.left = 0
		} else if m.Most != nil {
			r.left = *m.Most
		}
	case <-ctx.Done():
	}
}

// Tool has the harness run a tool; an error is what the tool threw.
func (w *World) Tool(ctx context.Context, run, id, name string, args json.RawMessage) (json.RawMessage, error) {
	asked := make(chan Message, 1)
	call := int(w.calls.Add(1))
	w.tools.Store(call, asked)
	send("tool.call", Fields{"call": call, "run": run, "id": id, "name": name, "agent": w.Team[0].Name, "args": args})
	select {
	case m := <-asked:
		if m.Error != nil {
			return nil, errors.New(*m.Error)
		}
		return m.Value, nil
	case <-ctx.Done():
		send("tool.cancel", Fields{"call": call})
		return nil, ctx.Err()
	}
}

// still waits until every goroutine waits. True: none of them for a time.
func still(pauses string) bool {
	stacks, paused := make([]byte, 1<<20), false
	for calm := 0; calm < 4; calm++ {
		time.Sleep(200 * time.Microsecond)
		all := strings.Split(string(bytes.TrimSpace(stacks[:runtime.Stack(stacks, true)])), "\n\n")
		paused = false
		for _, one := range all[1:] {
			head, rest, _ := strings.Cut(one, "\n")
			if strings.Contains(head, "[run") || strings.Contains(head, "[syscall") {
				calm = -1
			}
			top, _, _ := strings.Cut(rest, "\n")
			paused = paused || strings.Contains(top, pauses)
		}
	}
	return !paused
}
