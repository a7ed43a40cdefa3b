// Package driver serves the harness over stdin and stdout, one plan at a time. All Go runtimes share it.
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

// Runtime describes the runtime under test. `Open` returns the function that executes the runs of one plan. `Pauses` is the
// package that sleeps before a retry. `DescribeError` returns the name, message, status and code of an error. `Retries` says how
// often the runtime repeats a request after a fault that passes, and quotes its documentation; only with the capability `retries`.
type Runtime struct {
	Name, Version, Pauses string
	Supports              []string
	Open                  func(*World) Run
	DescribeError         func(error) Fields
	Retries               Fields
}

// Run executes one run and returns its outcome. `emit` blocks until the consumer has pulled the update.
type Run func(ctx context.Context, request Message, emit func(Fields)) (Fields, error)

// Message is any message from the harness.
type Message struct {
	Type, Run, Input, Session, BaseURL, APIKey string
	Conversation, Call, Number                 int
	Stream, Store                              bool
	Team                                       []struct {
		Name, Instructions string
		Tools              []struct {
			Name, Description string
			Parameters        Fields
		}
		Settings Fields
	}
	Most  *int
	Value json.RawMessage
	Error *string
}

// World is the state of one plan: the message that opened it, its runs and its tool calls.
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

// openCall is a tool call that waits for its result. If it is shielded, it also waits when its context is done.
type openCall struct {
	result   chan Message
	shielded atomic.Bool
}

type run struct {
	cancel   context.CancelFunc
	commands chan Message
	left     int         // number of updates that the consumer still pulls; -1: all
	asked    bool        // the consumer waits for the outcome
	dropped  atomic.Bool // the consumer receives no more updates
}

var stdout, writing = os.Stdout, sync.Mutex{}

func send(kind string, told Fields) {
	told["type"] = kind
	line, _ := json.Marshal(told)
	writing.Lock()
	defer writing.Unlock()
	_, _ = stdout.Write(append(line, '\n'))
}

// Serve handles the messages of the harness until stdin ends. All other output goes to stderr.
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
			ready := Fields{"protocol": 1, "name": of.Name, "version": of.Version, "supports": of.Supports, "hooks": Fields{}}
			if of.Retries != nil {
				ready["retries"] = of.Retries
			}
			send("ready", ready)
		case "open":
			world = &World{Message: m, runtime: of, runs: map[string]*run{}}
			world.ctx, world.close = context.WithCancel(context.Background())
			world.run = of.Open(world)
			send("opened", Fields{})
		case "start":
			ctx, cancel := context.WithCancel(world.ctx)
			world.runs[m.Run] = &run{cancel: cancel, commands: make(chan Message, 1000)}
			world.on.Add(1)
			go world.serve(ctx, m, world.runs[m.Run])
		case "pull", "outcome":
			world.runs[m.Run].commands <- m
		case "stop", "abort":
			world.runs[m.Run].cancel()
		case "drop":
			world.runs[m.Run].dropped.Store(true)
		case "tool.result":
			if asked, waits := world.tools.LoadAndDelete(m.Call); waits {
				asked.(*openCall).result <- m
			}
		case "tool.shield":
			if asked, waits := world.tools.Load(m.Call); waits {
				asked.(*openCall).shielded.Store(true)
			}
		case "quiet":
			send("quiet", Fields{"number": m.Number, "sure": waitForQuiet(of.Pauses), "next": nil})
		case "close":
			world.close()
			world.on.Wait()
			send("closed", Fields{"left": []any{}, "held": nil})
		}
	}
}

// serve executes a run, then answers its consumer until the plan is closed.
func (w *World) serve(ctx context.Context, m Message, r *run) {
	// A run starts at the first command of its consumer. If the consumer leaves before, no request is sent.
	r.awaitCommand(ctx)
	outcome, err := w.run(ctx, m, func(update Fields) {
		for (r.left == 0 && !r.asked || r.dropped.Load()) && ctx.Err() == nil {
			r.awaitCommand(ctx)
		}
		if r.left != 0 && ctx.Err() == nil {
			r.left--
			send("update", Fields{"run": m.Run, "update": update, "context": "kept", "span": "kept"})
		}
	})
	end := Fields{"run": m.Run, "context": "kept", "span": "kept"}
	if err != nil {
		end["error"] = w.runtime.DescribeError(err)
		outcome = Fields{"text": "", "status": "failed", "error": end["error"]}
		if ctx.Err() != nil {
			outcome["status"] = "stopped"
		}
	}
	for w.on.Done(); w.ctx.Err() == nil; r.awaitCommand(w.ctx) {
		if r.left != 0 {
			send("end", end)
		}
		if r.asked {
			send("outcome", Fields{"run": m.Run, "outcome": outcome})
		}
		r.left, r.asked = 0, false
	}
}

// awaitCommand waits for the next command of the consumer.
func (r *run) awaitCommand(ctx context.Context) {
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

// Tool calls a tool in the harness, and returns its result. Returns an error if the tool failed.
func (w *World) Tool(ctx context.Context, run, id, name string, args json.RawMessage) (json.RawMessage, error) {
	asked := &openCall{result: make(chan Message, 1)}
	call := int(w.calls.Add(1))
	w.tools.Store(call, asked)
	send("tool.call", Fields{"call": call, "run": run, "id": id, "name": name, "agent": w.Team[0].Name, "args": args, "cancellable": true})
	var m Message
	select {
	case m = <-asked.result:
	case <-ctx.Done():
		send("tool.cancel", Fields{"call": call})
		if !asked.shielded.Load() {
			return nil, ctx.Err()
		}
		select {
		case m = <-asked.result:
		case <-w.ctx.Done():
			return nil, ctx.Err()
		}
	}
	if m.Error != nil {
		return nil, errors.New(*m.Error)
	}
	return m.Value, nil
}

// waitForQuiet returns when every goroutine waits. The result is false if a goroutine waits for a timer of the client.
func waitForQuiet(pauses string) bool {
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
