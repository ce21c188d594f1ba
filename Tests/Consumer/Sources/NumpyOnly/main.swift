import MNNNumpy

// Arrays alone: neither importers nor GPU libraries.
let x = np.array([[1.0, 2.0], [3.0, 4.0]])
let y = np.matmul(x, np.linalg.inv(x))
guard try np.allclose(y, np.eye(2), atol: 1e-6) else { fatalError("\(y)") }
print("MNNNumpy: \(np.sum(x))")
