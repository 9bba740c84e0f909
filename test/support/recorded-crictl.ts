/**
 * What containerd 1.6.20 and runc answered over CRI v1 about a static pod whose container was stopped and started again, and about a pod of the same name that
 * came from the API. The calls are those of crictl, and the JSON is made of the answers as crictl makes it: jsonpb with defaults in old ones, protojson with
 * defaults in those of today. Most annotations and attempts are left out.
 */

/** `crictl pods --state=ready --name=... --output=json`: both print the same, apart from white space. */
export const recordedPods = `{
  "items": [
    {
      "id": "d06980e797986c2fce6b3933cdb2b0cc52332f8c2e27cc917fdc9bf6b217cd98",
      "metadata": {
        "name": "etcd-node1",
        "uid": "f00d657463642d6e6f64653100000000",
        "namespace": "kube-system",
        "attempt": 0
      },
      "state": "SANDBOX_READY",
      "createdAt": "1795493241539853800",
      "labels": {
        "component": "etcd",
        "io.kubernetes.pod.name": "etcd-node1",
        "io.kubernetes.pod.namespace": "kube-system",
        "io.kubernetes.pod.uid": "f00d657463642d6e6f64653100000000",
        "tier": "control-plane"
      },
      "annotations": {
        "kubernetes.io/config.hash": "f00d657463642d6e6f64653100000000",
        "kubernetes.io/config.seen": "2026-11-24T04:00:00.000000000Z",
        "kubernetes.io/config.source": "file"
      },
      "runtimeHandler": ""
    },
    {
      "id": "b033a7323dd46d0e91c358f06719a8106838b1487daf25854d7f6894218e1c89",
      "metadata": {
        "name": "etcd-node1",
        "uid": "aaaa",
        "namespace": "tenant",
        "attempt": 0
      },
      "state": "SANDBOX_READY",
      "createdAt": "1795493669518888598",
      "labels": {
        "component": "etcd",
        "io.kubernetes.pod.name": "etcd-node1",
        "io.kubernetes.pod.namespace": "kube-system",
        "io.kubernetes.pod.uid": "f00d657463642d6e6f64653100000000",
        "tier": "control-plane"
      },
      "annotations": {
        "kubernetes.io/config.seen": "2026-11-24T04:00:00.000000000Z",
        "kubernetes.io/config.source": "api"
      },
      "runtimeHandler": ""
    }
  ]
}`;

/** `crictl ps --all --pod=... --output=json`, in no order, by the version of k8s.io/cri-api. */
export const recordedContainers = {
  '0.26 (jsonpb)': `{
  "containers": [
    {
      "id": "d7314fc749be16398f93f4e954ed782d68c547aefed209474102dfcb5c019b5d",
      "podSandboxId": "d06980e797986c2fce6b3933cdb2b0cc52332f8c2e27cc917fdc9bf6b217cd98",
      "metadata": {
        "name": "etcd",
        "attempt": 20
      },
      "image": {
        "image": "local/server:1",
        "annotations": {}
      },
      "imageRef": "sha256:a23f1d2acf2c7c93137ccd792f68f10fc64d917ad63b8b8685849afa092fa3eb",
      "state": "CONTAINER_RUNNING",
      "createdAt": "1795493661956964692",
      "labels": {
        "io.kubernetes.container.name": "etcd",
        "io.kubernetes.pod.name": "etcd-node1",
        "io.kubernetes.pod.namespace": "kube-system",
        "io.kubernetes.pod.uid": "f00d657463642d6e6f64653100000000"
      },
      "annotations": {
        "io.kubernetes.container.restartCount": "20",
        "io.kubernetes.pod.terminationGracePeriod": "30"
      }
    },
    {
      "id": "d3dac199f054fe22bf4673b4fb82f33b71fe5d9c17a88c13eaba50d2baf431c5",
      "podSandboxId": "d06980e797986c2fce6b3933cdb2b0cc52332f8c2e27cc917fdc9bf6b217cd98",
      "metadata": {
        "name": "etcd",
        "attempt": 19
      },
      "image": {
        "image": "local/server:1",
        "annotations": {}
      },
      "imageRef": "sha256:a23f1d2acf2c7c93137ccd792f68f10fc64d917ad63b8b8685849afa092fa3eb",
      "state": "CONTAINER_EXITED",
      "createdAt": "1795493658950258488",
      "labels": {
        "io.kubernetes.container.name": "etcd",
        "io.kubernetes.pod.name": "etcd-node1",
        "io.kubernetes.pod.namespace": "kube-system",
        "io.kubernetes.pod.uid": "f00d657463642d6e6f64653100000000"
      },
      "annotations": {
        "io.kubernetes.container.restartCount": "19",
        "io.kubernetes.pod.terminationGracePeriod": "30"
      }
    }
  ]
}`,
  '0.37 (protojson)': `{
  "containers": [
    {
      "id": "d7314fc749be16398f93f4e954ed782d68c547aefed209474102dfcb5c019b5d",
      "podSandboxId": "d06980e797986c2fce6b3933cdb2b0cc52332f8c2e27cc917fdc9bf6b217cd98",
      "metadata": {
        "name": "etcd",
        "attempt": 20
      },
      "image": {
        "image": "local/server:1",
        "annotations": {},
        "userSpecifiedImage": "",
        "runtimeHandler": "",
        "imageRef": ""
      },
      "imageRef": "sha256:a23f1d2acf2c7c93137ccd792f68f10fc64d917ad63b8b8685849afa092fa3eb",
      "state": "CONTAINER_RUNNING",
      "createdAt": "1795493661956964692",
      "labels": {
        "io.kubernetes.container.name": "etcd",
        "io.kubernetes.pod.name": "etcd-node1",
        "io.kubernetes.pod.namespace": "kube-system",
        "io.kubernetes.pod.uid": "f00d657463642d6e6f64653100000000"
      },
      "annotations": {
        "io.kubernetes.container.restartCount": "20",
        "io.kubernetes.pod.terminationGracePeriod": "30"
      },
      "imageId": ""
    },
    {
      "id": "d3dac199f054fe22bf4673b4fb82f33b71fe5d9c17a88c13eaba50d2baf431c5",
      "podSandboxId": "d06980e797986c2fce6b3933cdb2b0cc52332f8c2e27cc917fdc9bf6b217cd98",
      "metadata": {
        "name": "etcd",
        "attempt": 19
      },
      "image": {
        "image": "local/server:1",
        "annotations": {},
        "userSpecifiedImage": "",
        "runtimeHandler": "",
        "imageRef": ""
      },
      "imageRef": "sha256:a23f1d2acf2c7c93137ccd792f68f10fc64d917ad63b8b8685849afa092fa3eb",
      "state": "CONTAINER_EXITED",
      "createdAt": "1795493658950258488",
      "labels": {
        "io.kubernetes.container.name": "etcd",
        "io.kubernetes.pod.name": "etcd-node1",
        "io.kubernetes.pod.namespace": "kube-system",
        "io.kubernetes.pod.uid": "f00d657463642d6e6f64653100000000"
      },
      "annotations": {
        "io.kubernetes.container.restartCount": "19",
        "io.kubernetes.pod.terminationGracePeriod": "30"
      },
      "imageId": ""
    }
  ]
}`,
} as const;
