import MNNNumpy

/// Times array functions: `arraybench --list`, or `arraybench NAME SECONDS`, which prints the median in microseconds.
/// Scripts/bench/numpy asks numpy the same.

/// Nothing of a result may be left uncomputed.
func read(_ x: Variable) throws { _ = try x.tensor() }

let million = 1_000_000
np.random.seed(1)
let x = np.random.rand(million)
let y = np.random.rand(million)
let matrix = x.reshape(1000, 1000)
let row = np.random.rand(1000)
let (left, right) = (np.random.rand(512, 512), np.random.rand(512, 512))
let mask = x > 0.5
let positions = np.random.randint(0, million, size: million, dtype: np.int64)
let labels = np.random.randint(0, 1000, size: million, dtype: np.int64)
let (halfA, halfB) = (np.random.rand(1000, 500), np.random.rand(1000, 500))
let (small, other) = (np.random.rand(8), np.random.rand(8))
try read(mask)

let operations: [(name: String, run: () throws -> Void)] = [
  ("chain", { try read((x * 2 + y) * x - y / 3) }),
  ("sum axis 0", { try read(np.sum(matrix, axis: 0)) }),
  ("matmul 512", { try read(np.matmul(left, right)) }),
  ("sort", { try read(np.sort(x)) }),
  ("argmax", { try read(np.argmax(x)) }),
  ("exp", { try read(np.exp(x)) }),
  ("where", { try read(np.where(mask, x, y)) }),
  ("concatenate", { try read(np.concatenate([halfA, halfB], axis: 1)) }),
  ("transposed copy", { try read(matrix.T) }),
  ("mean", { try read(np.mean(x)) }),
  ("std", { try read(np.std(x)) }),
  ("cumsum", { try read(np.cumsum(x)) }),
  ("take", { try read(np.take(x, positions)) }),
  ("unique", { try read(np.unique(labels)) }),
  ("dot", { try read(np.dot(x, y)) }),
  ("broadcasting add", { try read(matrix + row) }),
  ("comparison, any", { try read(np.any(x > 2)) }),
  ("clip", { try read(np.clip(x, 0.25, 0.75)) }),
  (
    "softmax",
    {
      let e = np.exp(matrix - np.max(matrix, axis: 1, keepdims: true))
      try read(e / np.sum(e, axis: 1, keepdims: true))
    }
  ),
  ("small add", { for _ in 0..<1000 { try read(small + other) } }),
  ("small np.add", { for _ in 0..<1000 { try read(np.add(small, other)) } }),
  ("small np.exp", { for _ in 0..<1000 { try read(np.exp(small)) } }),
]

let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.first == "--list" {
  print(operations.map(\.name).joined(separator: "\n"))
} else if arguments.count == 2, let operation = operations.first(where: { $0.name == arguments[0] }),
  let seconds = Double(arguments[1])
{
  let clock = ContinuousClock()
  try operation.run()
  var times: [Double] = []
  let start = clock.now
  while times.count < 5 || start.duration(to: clock.now) < .seconds(seconds) {
    let time = try clock.measure { try operation.run() }
    times.append(Double(time.components.attoseconds) * 1e-12 + Double(time.components.seconds) * 1e6)
  }
  // Of a thousand small operations the time of one.
  print(times.sorted()[times.count / 2] / (operation.name.hasPrefix("small") ? 1000 : 1))
} else {
  print("arraybench --list | arraybench NAME SECONDS")
}
