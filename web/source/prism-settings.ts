/** Read by prismjs as it is loaded: it is to colour nothing by itself, and to answer no messages. */
Object.assign(globalThis, { Prism: { manual: true, disableWorkerMessageHandler: true } })
