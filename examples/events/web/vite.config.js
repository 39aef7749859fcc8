import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// In development the API runs on 8000 and is reached under /api.
export default defineConfig({
  plugins: [react()],
  server: {
    port: 5173,
    proxy: {
      '/api': { target: 'http://localhost:8000', rewrite: (path) => path.replace(/^\/api/, '') },
    },
  },
});
