module agent-conformance/driver

go 1.24
