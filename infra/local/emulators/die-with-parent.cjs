// Loaded before an emulator: it ends when the process that started it is gone, however that went,
// for then the other end of its standard input closes.
process.stdin.on("end", () => process.exit(0)).resume();
