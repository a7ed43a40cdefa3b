throw new Error('this adapter cannot be loaded')
